"""The block of stock: products that are sold out or run out, and slow ones; empty where no stock is counted."""

from typing import Any

import duckdb

from orchestration.page.rows import rows

_COUNT = 5


def stock(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Number and value of the products of each stock by state, and the products that need a decision.

    Of those that are sold out or run out, the ones that sell most come first; of slow ones, those with most money.
    """
    states = rows(
        con,
        """select stock_shop_id, state, count(*) as product_count, sum(value_amount) as value_amount
           from marts.product_stock group by all order by all""",
    )
    products = rows(
        con,
        """with ranked as (
               select *, if(state = 'slow', 'slow', 'short') as kind,
                   row_number() over (
                       partition by stock_shop_id, if(state = 'slow', 'slow', 'short')
                       order by if(state = 'slow', value_amount, sold_recent_quantity) desc nulls last, product_id
                   ) as place
               from marts.product_stock
               where state = 'slow' or (state in ('sold_out', 'runs_out') and sold_recent_quantity > 0)
           )
           select kind, stock_shop_id, product_id, product_name, state, available_quantity, in_transit_quantity,
               sold_recent_quantity, cover_days, sold_out_day_count, missed_quantity, value_amount, last_sold_on,
               reason_en, reason_zh
           from ranked where place <= $count order by kind, stock_shop_id, place""",
        {"count": _COUNT},
    )
    return {"states": states, "products": products}
