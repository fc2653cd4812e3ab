-- Macros of the generator: drawn numbers, money as text, identifiers of people.
create macro u(k, salt) as
    (hash(xor(hash(k), hash(salt || getvariable('seed')))) >> 11) * (1.0 / 9007199254740992.0);
create macro pick(words, x) as words[1 + floor(x * len(words))::int];
-- False if `shop360 demo --without` names the cause.
create macro keeps(cause) as not contains(getvariable('without'), '<' || cause || '>');
create macro drawn(x) as floor(x * 4096)::bigint;
-- How a platform's orders are placed, for a number between 0 and 1.
create macro mode_of(platform, x) as case
    when platform = 'douyin' and x < 0.52 then 'live'
    when platform = 'douyin' and x < 0.80 then 'short_video'
    when platform = 'tmall' and x < 0.12 then 'live'
    when x > 0.62 then 'search'
    else 'shelf'
end;
-- The device that a visitor mostly uses, and whether a session is in the mini-program.
create macro main_device(who) as case
    when u(who, 'main_device') < 0.38 then 'mini_program'
    when u(who, 'main_device') < 0.90 then 'mobile'
    else 'desktop'
end;
create macro in_mini_program(sid, who) as
    u(sid, 'tracker') < if(main_device(who) = 'mini_program', 0.85, 0.12);
create macro yuan(cents) as (cents * 0.01::decimal(3, 2))::decimal(18, 2)::varchar;
create macro thousands(cents) as
    format('{:,}', cents // 100) || '.' || lpad((cents % 100)::varchar, 2, '0');
create macro share(total, cumulated, part, whole) as
    (total * cumulated // whole - total * (cumulated - part) // whole)::bigint;
create macro tab(x) as chr(9) || x;
create macro token(k, salt) as md5(salt || getvariable('seed') || k);
create macro digits8(k) as lpad(((k * 6700417 + getvariable('shift')) % 100000000)::varchar, 8, '0');
create macro phone_of(k) as
    pick(['133', '135', '136', '137', '139', '150', '158', '159', '177', '186', '187'],
        u(k, 'prefix')) || digits8(k);
create macro masked_phone(phone) as left(phone, 3) || '****' || right(phone, 4);
create macro hub_phone(number) as '188' || digits8(90000000 + number);
create macro virtual_phone(k) as
    '1840000' || lpad((k % 40)::varchar, 4, '0') || '转' || lpad((k % 9000 + 1000)::varchar, 4, '0');
create macro card_of(k) as 'M' || lpad(((k * 104729 + 99) % 1000000000)::varchar, 9, '0');
create macro ouid_of(k) as 'AAG' || left(token(k, 'ouid'), 21);
create macro openid_of(k) as '_0' || left(token(k, 'openid'), 26);
create macro unionid_of(k) as 'oU' || left(token(k, 'unionid'), 26);
create macro jd_account_of(k) as 'jd_' || left(token(k, 'jd'), 12);
create macro mail_of(k) as left(token(k, 'mail'), 9) || '@'
    || pick(['mail', 'post', 'inbox', 'brief'], u(k, 'mailbox')) || '.example';
-- What a hand makes of it: one wrong digit, a letter typed twice, day and month exchanged.
create macro digit_wrong(phone, k, place) as left(phone, place - 1)
    || (substr(phone, place, 1)::int + 1 + floor(u(k, 'digit') * 9)::int) % 10
    || substr(phone, place + 1);
create macro mistyped_phone(phone, k) as digit_wrong(phone, k, 4 + floor(u(k, 'slip') * 8)::int);
create macro mistyped_mail(mail) as replace(mail, '@', right(split_part(mail, '@', 1), 1) || '@');
create macro mistyped_day(day) as if(
    day(day) <= 12 and day(day) <> month(day),
    make_date(year(day), day(day), month(day)),
    day + 1);
-- The batch of coupons of a shop and quarter.
create macro coupon_no(shop_no, quarter_on) as
    'YHQ' || shop_no || strftime(quarter_on, '%Y') || 'Q' || quarter(quarter_on);
