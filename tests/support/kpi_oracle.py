"""Every KPI once more, by its definition: loops over customers, visitors and orders instead of SQL.

`ORACLE[code](atoms, slice)` gives numerator and denominator.
"""

import kpi_customers
import kpi_orders
import kpi_stock
import kpi_visits
import kpi_worth

ORACLE = kpi_orders.KPIS | kpi_customers.KPIS | kpi_visits.KPIS | kpi_worth.KPIS | kpi_stock.KPIS
