-- Defects that no single row carries: pairs on one phone, hubs, placeholders, masks,
-- spend reported at two levels. The key names ERP buyers or CRM records.
insert into defects
select 'household_phone', 'crm.customers', 'crm', 'camellia', 'crm/客户资料.csv', null,
    string_agg(customer_id, ' ' order by customer_id), 'phone', 'identity:conflict',
    'two members on one phone', null
from crm_records
where record_no = 1 and household in (select household from people where household <> pid)
group by household
having count(*) = 2
order by hash(household)
limit 4 * getvariable('each');

insert into defects
select 'hub_phone', 'erp.customers', 'wangdiantong', 'own_store', 'erp/客户档案.csv', null,
    string_agg(erp_customer_id, ' ' order by erp_customer_id), 'phone', 'identity:hub',
    count(*) || ' buyers on one phone', null
from person_picks
inner join accounts using (pid)
where kind = 'hub_phone' and platform = 'own'
group by group_no
order by group_no;

insert into defects
select kind, 'erp.customers', 'wangdiantong', 'own_store', 'erp/客户档案.csv', null,
    erp_customer_id, 'phone',
    if(kind = 'masked_phone', 'identity:masked', 'identity:placeholder'),
    if(kind = 'masked_phone', '138****1234', '13800138000'), null
from person_picks
inner join accounts using (pid)
where kind <> 'hub_phone' and platform = 'own'
order by kind, erp_customer_id;

insert into defects
select 'duplicate_spend', 'ads.daily_spend', 'wanxiangtai', 'tmall_flagship', file_name, null,
    'ad', 'report_level', 'spend:counted_once', 'the campaigns'' money again, by item', null
from wrote
where file_name like 'ads/万相台_主体报表%'
order by file_name;
