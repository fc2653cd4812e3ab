"""The block of promotions: what each gained, or why that is not identifiable."""

from typing import Any

import duckdb

from orchestration.page.rows import rows

_COUNT = 8


def promotions(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The promotions that ran, those with the largest discounts first, of each shop and of all."""
    return rows(
        con,
        """select shop_id, promotion_id, promotion_name, run_days, participant_rate,
               merchant_discount_amount + platform_discount_amount as discount_amount, merchant_discount_amount,
               uplift_rate, uplift_rate_low_80, uplift_rate_high_80, effect, net_orders, profit_amount,
               profit_amount_low_80, profit_amount_high_80, state, state_en, state_zh, advice_en, advice_zh,
               displacement_state, displacement_en, displacement_zh, filled_orders,
               row_number() over (
                   order by merchant_discount_amount + platform_discount_amount desc, shop_id, promotion_id
               ) <= $count as is_top_of_all
           from marts.promotion_results where run_days > 0
           qualify is_top_of_all or row_number() over (
               partition by shop_id
               order by merchant_discount_amount + platform_discount_amount desc, promotion_id
           ) <= $count
           order by discount_amount desc, shop_id, promotion_id""",
        {"count": _COUNT},
    )
