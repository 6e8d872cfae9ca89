// Makes signatures.json with Twilio's own package for Node, independent of this one:
//
//	npm install twilio@6.2.0 && node signatures.js > signatures.json
const t = require('twilio');
const token = '0123456789abcdef0123456789abcdef';
const out = [];
const form = (name, url, params) => {
  const body = Object.entries(params).flatMap(([k, v]) => [].concat(v).map(x => encodeURIComponent(k) + '=' + encodeURIComponent(x).replace(/%20/g, '+'))).join('&');
  const signature = t.getExpectedTwilioSignature(token, url, params);
  if (!t.validateRequest(token, signature, url, params)) throw name;
  out.push({ name, method: 'POST', url, type: 'application/x-www-form-urlencoded', body, signature });
};
const json = (name, url, body) => {
  const full = url + (url.includes('?') ? '&' : '?') + 'bodySHA256=' + t.getExpectedBodyHash(body);
  const signature = t.getExpectedTwilioSignature(token, full, {});
  if (!t.validateRequestWithBody(token, signature, full, body)) throw name;
  out.push({ name, method: 'POST', url: full, type: 'application/json', body, signature });
};
const get = (name, url) => out.push({ name, method: 'GET', url, type: '', body: '', signature: t.getExpectedTwilioSignature(token, url, {}) });
const B = 'https://hub.example.org', M = B + '/webhooks/twilio/messages';
const base = { MessageSid: 'SM' + '0'.repeat(32), AccountSid: 'AC' + '0'.repeat(32), From: 'whatsapp:+380501234567', To: 'whatsapp:+15550100', Body: 'Yes', NumMedia: '0' };
form('plain', M, base);
form('empty value', M, { ...base, Body: '' });
form('all empty', M, { A: '', B: '', C: '' });
form('one field', M, { Body: 'x' });
form('no fields', M, {});
form('Ukrainian', M, { ...base, Body: 'Вам потрібна грошова допомога? їєґ «так» – ні' });
form('Russian', M, { ...base, Body: 'Сколько людей живёт вместе с вами?' });
form('Arabic', M, { ...base, Body: 'هل تحتاج إلى مساعدة نقدية؟\n\u200f1. Olena' });
form('Burmese', M, { ...base, Body: 'မင်္ဂလာပါ' });
form('emoji', M, { ...base, Body: '👨‍👩‍👧‍👦 👋🏽 🇺🇦 e\u0301' });
form('beyond the BMP', M, { ...base, Body: '𝒳𐍈𠜎' });
form('quotes', M, { ...base, Body: `<b>& "quotes" 'apostrophe' \\ {1} %s + = ? # </b>` });
form('line breaks', M, { ...base, Body: 'one\r\ntwo\n\nthree\ttab' });
form('spaces kept', M, { ...base, Body: '  two  spaces  ' });
form('plus and percent', M, { ...base, Body: '1+1=2 100% %2B %zz' });
form('semicolon', M, { ...base, Body: 'a;b;c' });
form('ampersand', M, { ...base, Body: 'a&b=c&d' });
form('apostrophe', M, { ...base, Body: "п'ять" });
form('repeated key', M, { ...base, MediaUrl: ['https://a.example/1', 'https://a.example/0'] });
form('repeated value', M, { ...base, Tag: ['b', 'a', 'b', 'a'] });
form('repeated with empty', M, { ...base, Tag: ['', 'a', ''] });
form('repeated one', M, { ...base, Tag: ['a'] });
form('repeated non-ASCII', M, { ...base, Tag: ['ї', 'a', 'Я'] });
form('case of keys', M, { b: '1', B: '2', a: '3', A: '4', _: '5', 10: '6', 9: '7' });
form('non-ASCII key', M, { ...base, 'ключ': 'значення', 'É': 'é' });
form('key with brackets', M, { ...base, 'a[0]': 'x', 'a.b': 'y', 'MessagingBinding.Address': '+380501234567' });
form('key prefix of another', M, { ab: 'c', a: 'bc', abc: '' });
form('query', B + '/webhooks/twilio/status?ref=01J9&mac=abc_-', { ...base, MessageStatus: 'delivered' });
form('query with escapes', B + '/webhooks/twilio/status?ref=a%2Fb%20c&mac=%D1%97&x=+', base);
form('query without value', B + '/webhooks/twilio/status?a&b=&c', base);
form('query out of order', B + '/webhooks/twilio/status?z=1&a=2&z=0', base);
form('question mark alone', B + '/webhooks/twilio/status?', base);
form('escaped path', B + '/webhooks/a%2Fb/%D1%97', base);
form('double slash', B + '//webhooks///x', base);
form('trailing slash', M + '/', base);
form('default port', 'https://hub.example.org:443/webhooks/twilio/messages', base);
form('other port', 'https://hub.example.org:8443/webhooks/twilio/messages', base);
form('http', 'http://hub.example.org/webhooks/twilio/messages', base);
form('http port', 'http://hub.example.org:8080/webhooks/twilio/messages', base);
form('prefix', B + '/hub/webhooks/twilio/messages', base);
form('user information', 'https://user:pa%20ss@hub.example.org/webhooks/twilio/messages', base);
form('IPv6', 'https://[2001:db8::1]:8443/webhooks/twilio/messages', base);
form('long', M, { ...base, Body: 'Довгий текст. '.repeat(110) });
form('long value of one letter', M, { ...base, Body: 'x'.repeat(1600) });
json('JSON', B + '/webhooks/twilio/voice', '{"CallSid":"CA1","Body":"так"}');
json('JSON empty object', B + '/webhooks/twilio/voice', '{}');
json('JSON with query', B + '/webhooks/twilio/conversations?a=1&b=%2F', '[{"a":"їєґ 👋🏽"}]');
json('JSON empty body', B + '/webhooks/twilio/voice', '');
json('text with body hash', B + '/webhooks/twilio/voice', 'a=1&b=2');
get('GET', B + '/webhooks/twilio/voice?CallSid=CA1&From=%2B380501234567');
get('GET without query', B + '/webhooks/twilio/voice');
// The same with random content.
let seed = 7391; const rnd = n => { seed = (seed * 1103515245 + 12345) & 0x7fffffff; return seed % n; };
const alphabet = [...'abcXYZ019 +%&=;?#"\'\\{}[]<>|їєґЯюлюشهر日本👋🏽\n\té'];
const word = n => Array.from({ length: rnd(n) + 1 }, () => alphabet[rnd(alphabet.length)]).join('');
for (let i = 0; i < 20; i++) {
  const p = {};
  for (let k = 0; k < rnd(12) + 1; k++) p[word(8)] = rnd(4) ? word(60) : [word(9), word(9), word(9)];
  form('random ' + i, M + (rnd(2) ? '?q=' + encodeURIComponent(word(12)) : ''), p);
}
console.log(JSON.stringify(out, null, 1));
