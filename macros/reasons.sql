{# The reason for a missing figure in Chinese. Names of feeds, columns, days and currencies are not translated. #}
{% macro reason_zh(reason) -%}
    {%- set words = [
        ('not connected: ', '未接入：'),
        ('not tracked: ', '未埋点：'),
        ('not exported: ', '未导出：'),
        ('not reported', '来源未提供'),
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
    {%- set ns = namespace(sql=reason) -%}
    {%- for en, zh in words -%}
        {%- set ns.sql = "replace(" ~ ns.sql ~ ", '" ~ en ~ "', '" ~ zh ~ "')" -%}
    {%- endfor -%}
    {{ ns.sql }}
{%- endmacro %}
