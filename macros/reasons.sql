{# The reason for a missing figure in Chinese. Names of feeds, columns, days and currencies are not translated. #}
{% macro reason_zh(reason) -%}
    {%- set words = [
        ('not connected: ', '未接入：'),
        ('not tracked: ', '未埋点：'),
        ('not exported: ', '未导出：'),
        ('not reported', '来源未提供'),
        ('visits are not tracked', '未采集访问'),
        ('no data before ', '早于最早的数据日 '),
        ('no data after ', '晚于最近的数据日 '),
        ('no shop has all of ', '没有店铺同时具备 '),
        ('only of shops that lack a need', '仅属于缺少所需数据的店铺'),
        ('no buyer is identified', '没有可识别的买家'),
        ('no exchange rate: ', '缺少汇率：'),
        ('no order with known cost', '没有成本已知的订单'),
        ('no denominator', '分母为零'),
        ('cohort not matured', '观察期未满'),
        ('the next period is not over', '下一周期尚未结束'),
        ('visitors of several days cannot be added', '多日的访客数不能相加'),
        ('visitors of several reports cannot be added', '多份报表的访客数不能相加'),
        ('two reports of a campaign differ', '同一计划的两份报表金额不一致'),
        ('reports of an account and of its campaigns differ', '账户报表与其计划报表金额不一致'),
    ] -%}
    {{ replaced_words(reason, words) }}
{%- endmacro %}

{# The reason for a risk that cannot be judged in Chinese: that of its KPI, or what the risk lacks. #}
{% macro risk_reason_zh(reason) -%}
    {%- set words = [
        ('unknown KPI: ', '未知指标：'),
        ('unknown feed: ', '未知数据源：'),
        ('not a daily feed: ', '非每日数据源：'),
        ('no dates: ', '数据没有日期：'),
        ('needs a period, a comparison and a threshold', '缺少周期、比较方式或阈值'),
        ('the KPI has no figures by ', '该指标没有此周期：'),
        ('no complete period', '尚无完整周期'),
        ('no figures for shop ', '该店铺没有此指标：'),
        ('the data do not cover the whole period', '数据未覆盖整个周期'),
    ] -%}
    {{ reason_zh(replaced_words(reason, words)) }}
{%- endmacro %}

{# The reason for a missing value of customers in Chinese: that of the sales, of the costs, or of the ad spend. #}
{% macro value_reason_zh(reason) -%}
    {%- set words = [
        ('not connected: ', '未接入：'),
        ('cohort not matured', '观察期未满'),
        ('cost not known', '成本未知'),
        ('no prediction', '无预测'),
        ('ad spend has no category', '广告花费不分品类'),
        ('no known touch before the first order', '首单前没有已知触点'),
        ('the shop sells on several platforms', '该店铺在多个平台销售'),
        ('no ad spend in the month', '当月没有广告花费'),
        ('not paid back within the horizon', '观察天数内未回本'),
        ('no exchange rate: ', '缺少汇率：'),
        ('two reports of a campaign differ', '同一计划的两份报表金额不一致'),
        ('reports of an account and of its campaigns differ', '账户报表与其计划报表金额不一致'),
    ] -%}
    {{ replaced_words(reason, words) }}
{%- endmacro %}

{# The reason for a missing figure of stock in Chinese. #}
{% macro stock_reason_zh(reason) -%}
    {%- set words = [
        ('the last count is too old', '最近一次盘点过久'),
        ('the orders do not cover the demand window', '订单数据未覆盖销量统计期'),
        ('no sale in the demand window', '统计期内没有销售'),
        ('no known cost', '成本未知'),
        ('too few days in stock', '有货天数不足'),
    ] -%}
    {{ replaced_words(reason, words) }}
{%- endmacro %}

{# A text in which each word of a list of pairs is replaced by the other word of its pair. #}
{% macro replaced_words(text, words) -%}
    {%- set ns = namespace(sql=text) -%}
    {%- for word, other in words -%}
        {%- set ns.sql = "replace(" ~ ns.sql ~ ", '" ~ word ~ "', '" ~ other ~ "')" -%}
    {%- endfor -%}
    {{ return(ns.sql) }}
{%- endmacro %}
