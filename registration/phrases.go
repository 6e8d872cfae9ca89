package registration

import "github.com/hubkit/hubkit"

// phrases are the interview's own words, by id. Spec.Phrases overrides them or
// adds languages; each of a questionnaire's languages must have all of them.
var phrases = map[string]phrase{
	"yes":      {nil, hubkit.Text{"en": "Yes", "uk": "Так", "ru": "Да", "ar": "نعم"}},
	"no":       {nil, hubkit.Text{"en": "No", "uk": "Ні", "ru": "Нет", "ar": "لا"}},
	"agree":    {nil, hubkit.Text{"en": "I agree", "uk": "Погоджуюся", "ru": "Даю согласие", "ar": "أوافق"}},
	"disagree": {nil, hubkit.Text{"en": "I do not agree", "uk": "Не погоджуюся", "ru": "Не даю согласия", "ar": "لا أوافق"}},
	"unknown":  {nil, hubkit.Text{"en": "I don't know", "uk": "Не знаю", "ru": "Не знаю", "ar": "لا أعرف"}},
	"refuse":   {nil, hubkit.Text{"en": "I prefer not to say", "uk": "Не хочу відповідати", "ru": "Не хочу отвечать", "ar": "أفضل عدم الإجابة"}},
	"skip":     {nil, hubkit.Text{"en": "Skip", "uk": "Пропустити", "ru": "Пропустить", "ar": "تخطي"}},
	"done":     {nil, hubkit.Text{"en": "Done", "uk": "Готово", "ru": "Готово", "ar": "تم"}},
	"send":     {nil, hubkit.Text{"en": "Send", "uk": "Надіслати", "ru": "Отправить", "ar": "إرسال"}},
	"change":   {nil, hubkit.Text{"en": "Change an answer", "uk": "Змінити відповідь", "ru": "Изменить ответ", "ar": "تغيير إجابة"}},
	"keep":     {nil, hubkit.Text{"en": "Change nothing", "uk": "Нічого не змінювати", "ru": "Ничего не менять", "ar": "عدم تغيير أي شيء"}},

	"summary":  {nil, hubkit.Text{"en": "Please check your answers:", "uk": "Будь ласка, перевірте свої відповіді:", "ru": "Пожалуйста, проверьте свои ответы:", "ar": "يرجى مراجعة إجاباتك:"}},
	"which":    {nil, hubkit.Text{"en": "Which answer would you like to change?", "uk": "Яку відповідь ви хочете змінити?", "ru": "Какой ответ вы хотите изменить?", "ar": "ما الإجابة التي يجب تغييرها؟"}},
	"member":   {[]string{"n"}, hubkit.Text{"en": "Person {n}", "uk": "Особа {n}", "ru": "Человек {n}", "ar": "الشخص {n}"}},
	"thanks":   {nil, hubkit.Text{"en": "Thank you. Your answers have been recorded.", "uk": "Дякуємо. Ваші відповіді записано.", "ru": "Спасибо. Ваши ответы записаны.", "ar": "شكرًا لك. تم تسجيل إجاباتك."}},
	"ended":    {nil, hubkit.Text{"en": "Thank you. We have to stop here for now.", "uk": "Дякуємо. Поки що на цьому зупинимося.", "ru": "Спасибо. Пока на этом остановимся.", "ar": "شكرًا لك. علينا أن نتوقف هنا الآن."}},
	"answered": {nil, hubkit.Text{"en": "These questions have already been answered.", "uk": "На ці запитання вже надано відповіді.", "ru": "На эти вопросы уже даны ответы.", "ar": "تمت الإجابة عن هذه الأسئلة بالفعل."}},

	"choose":         {nil, hubkit.Text{"en": "Please choose one of the answers.", "uk": "Будь ласка, виберіть одну з відповідей.", "ru": "Пожалуйста, выберите один из ответов.", "ar": "يرجى اختيار إحدى الإجابات."}},
	"choose_several": {nil, hubkit.Text{"en": "Please choose one or more of the answers.", "uk": "Будь ласка, виберіть одну або кілька відповідей.", "ru": "Пожалуйста, выберите один или несколько ответов.", "ar": "يرجى اختيار إجابة واحدة أو أكثر."}},
	"choose_exactly": {[]string{"n"}, hubkit.Text{"en": "Please choose exactly {n, plural, one {# answer} other {# answers}}.", "uk": "Будь ласка, виберіть рівно {n, plural, one {# відповідь} few {# відповіді} many {# відповідей} other {# відповіді}}.", "ru": "Пожалуйста, выберите ровно {n, plural, one {# ответ} few {# ответа} many {# ответов} other {# ответа}}.", "ar": "يرجى اختيار {n, plural, zero {# إجابة} one {إجابة واحدة} two {إجابتين} few {# إجابات} many {# إجابة} other {# إجابة}} بالضبط."}},
	"choose_between": {[]string{"min", "max"}, hubkit.Text{"en": "Please choose from {min} to {max, plural, one {# answer} other {# answers}}.", "uk": "Будь ласка, виберіть від {min} до {max, plural, one {# відповіді} few {# відповідей} many {# відповідей} other {# відповіді}}.", "ru": "Пожалуйста, выберите от {min} до {max, plural, one {# ответа} few {# ответов} many {# ответов} other {# ответа}}.", "ar": "يرجى اختيار عدد من الإجابات بين {min} و {max}."}},
	"alone":          {[]string{"option"}, hubkit.Text{"en": "\"{option}\" cannot be chosen together with other answers.", "uk": "«{option}» не можна вибрати разом з іншими відповідями.", "ru": "«{option}» нельзя выбрать вместе с другими ответами.", "ar": "لا يمكن اختيار «{option}» مع إجابات أخرى."}},
	"guess":          {[]string{"option"}, hubkit.Text{"en": "Did you mean \"{option}\"? Write \"yes\", or choose an answer.", "uk": "Ви мали на увазі «{option}»? Напишіть «так» або виберіть відповідь.", "ru": "Вы имели в виду «{option}»? Напишите «да» или выберите ответ.", "ar": "هل المقصود «{option}»؟ يرجى كتابة «نعم» أو اختيار إجابة."}},
	"several":        {nil, hubkit.Text{"en": "Please give only one answer.", "uk": "Будь ласка, дайте лише одну відповідь.", "ru": "Пожалуйста, дайте только один ответ.", "ar": "يرجى إعطاء إجابة واحدة فقط."}},
	"out_of_list":    {[]string{"max"}, hubkit.Text{"en": "Please choose a number from 1 to {max}.", "uk": "Будь ласка, виберіть номер від 1 до {max}.", "ru": "Пожалуйста, выберите номер от 1 до {max}.", "ar": "يرجى اختيار رقم من 1 إلى {max}."}},
	"yes_or_no":      {nil, hubkit.Text{"en": "Please answer \"yes\" or \"no\".", "uk": "Будь ласка, відповідайте «так» або «ні».", "ru": "Пожалуйста, ответьте «да» или «нет».", "ar": "يرجى الإجابة بـ «نعم» أو «لا»."}},

	"number":         {nil, hubkit.Text{"en": "Please write a whole number in digits, for example 4.", "uk": "Будь ласка, напишіть ціле число цифрами, наприклад 4.", "ru": "Пожалуйста, напишите целое число цифрами, например 4.", "ar": "يرجى كتابة عدد صحيح بالأرقام، مثلًا 4."}},
	"decimal":        {nil, hubkit.Text{"en": "Please write a number in digits, for example 1500.", "uk": "Будь ласка, напишіть число цифрами, наприклад 1500.", "ru": "Пожалуйста, напишите число цифрами, например 1500.", "ar": "يرجى كتابة عدد بالأرقام، مثلًا 1500."}},
	"decimal_places": {[]string{"max"}, hubkit.Text{"en": "Please write at most {max, plural, one {# digit} other {# digits}} after the decimal point.", "uk": "Будь ласка, напишіть не більше {max, plural, one {# цифри} few {# цифр} many {# цифр} other {# цифри}} після коми.", "ru": "Пожалуйста, напишите не больше {max, plural, one {# цифры} few {# цифр} many {# цифр} other {# цифры}} после запятой.", "ar": "يرجى كتابة {max, plural, zero {# رقم} one {رقم واحد} two {رقمين} few {# أرقام} many {# رقمًا} other {# رقم}} كحد أقصى بعد الفاصلة."}},
	"one_number":     {nil, hubkit.Text{"en": "Please write just one number.", "uk": "Будь ласка, напишіть лише одне число.", "ru": "Пожалуйста, напишите только одно число.", "ar": "يرجى كتابة رقم واحد فقط."}},
	"currency":       {nil, hubkit.Text{"en": "Please write only the number, in the currency that the question asks for, for example 1500.", "uk": "Будь ласка, напишіть лише число, у валюті, про яку йдеться в запитанні, наприклад 1500.", "ru": "Пожалуйста, напишите только число, в валюте, о которой говорится в вопросе, например 1500.", "ar": "يرجى كتابة المبلغ بالأرقام فقط وبالعملة المذكورة في السؤال، مثلًا 1500."}},
	"between":        {[]string{"min", "max"}, hubkit.Text{"en": "The number must be from {min} to {max}.", "uk": "Число має бути від {min} до {max}.", "ru": "Число должно быть от {min} до {max}.", "ar": "يجب أن يكون الرقم بين {min} و {max}."}},
	"least":          {[]string{"min"}, hubkit.Text{"en": "The number must be {min} or more.", "uk": "Число має бути {min} або більше.", "ru": "Число должно быть {min} или больше.", "ar": "يجب أن يكون الرقم {min} أو أكثر."}},
	"most":           {[]string{"max"}, hubkit.Text{"en": "The number must be {max} or less.", "uk": "Число має бути {max} або менше.", "ru": "Число должно быть {max} или меньше.", "ar": "يجب أن يكون الرقم {max} أو أقل."}},

	"date":         {nil, hubkit.Text{"en": "Please write a date as day, month, year, for example 15.09.2023.", "uk": "Будь ласка, напишіть дату: день, місяць, рік, наприклад 15.09.2023.", "ru": "Пожалуйста, напишите дату: день, месяц, год, например 15.09.2023.", "ar": "يرجى كتابة التاريخ: اليوم والشهر والسنة، مثلًا 15.09.2023."}},
	"date_past":    {nil, hubkit.Text{"en": "The date cannot be in the future.", "uk": "Дата не може бути в майбутньому.", "ru": "Дата не может быть в будущем.", "ar": "لا يمكن أن يكون التاريخ في المستقبل."}},
	"date_between": {[]string{"min", "max"}, hubkit.Text{"en": "The date must be from {min} to {max}.", "uk": "Дата має бути від {min} до {max}.", "ru": "Дата должна быть от {min} до {max}.", "ar": "يجب أن يكون التاريخ بين {min} و {max}."}},

	"words":        {nil, hubkit.Text{"en": "Please write your answer in words.", "uk": "Будь ласка, напишіть відповідь словами.", "ru": "Пожалуйста, напишите ответ словами.", "ar": "يرجى كتابة إجابتك بالكلمات."}},
	"exact_length": {[]string{"n"}, hubkit.Text{"en": "Please write exactly {n, plural, one {# character} other {# characters}}.", "uk": "Будь ласка, напишіть рівно {n, plural, one {# символ} few {# символи} many {# символів} other {# символу}}.", "ru": "Пожалуйста, напишите ровно {n, plural, one {# символ} few {# символа} many {# символов} other {# символа}}.", "ar": "يجب أن يكون عدد الأحرف {n} بالضبط."}},
	"length":       {[]string{"min", "max"}, hubkit.Text{"en": "Please write from {min} to {max, plural, one {# character} other {# characters}}.", "uk": "Будь ласка, напишіть від {min} до {max, plural, one {# символу} few {# символів} many {# символів} other {# символу}}.", "ru": "Пожалуйста, напишите от {min} до {max, plural, one {# символа} few {# символов} many {# символов} other {# символа}}.", "ar": "يجب أن يكون عدد الأحرف بين {min} و {max}."}},
	"pattern":      {nil, hubkit.Text{"en": "This does not look right. Please check it and write it again.", "uk": "Схоже, тут помилка. Будь ласка, перевірте й напишіть ще раз.", "ru": "Похоже, здесь ошибка. Пожалуйста, проверьте и напишите ещё раз.", "ar": "يبدو أن هناك خطأ. يرجى التحقق والكتابة مرة أخرى."}},
	"phone":        {nil, hubkit.Text{"en": "Please write the whole telephone number, for example +380501234567.", "uk": "Будь ласка, напишіть повний номер телефону, наприклад +380501234567.", "ru": "Пожалуйста, напишите полный номер телефона, например +380501234567.", "ar": "يرجى كتابة رقم الهاتف كاملًا، مثلًا +380501234567."}},
	"account":      {nil, hubkit.Text{"en": "This account number does not look right. Please check every letter and digit and write it again.", "uk": "Схоже, у номері рахунку помилка. Будь ласка, перевірте кожну літеру й цифру та напишіть ще раз.", "ru": "Похоже, в номере счёта ошибка. Пожалуйста, проверьте каждую букву и цифру и напишите ещё раз.", "ar": "يبدو أن رقم الحساب غير صحيح. يرجى التحقق من كل حرف ورقم وكتابته مرة أخرى."}},
	"identity":     {nil, hubkit.Text{"en": "This number does not look right. Please check every letter and digit and write it again.", "uk": "Схоже, у номері помилка. Будь ласка, перевірте кожну літеру й цифру та напишіть ще раз.", "ru": "Похоже, в номере ошибка. Пожалуйста, проверьте каждую букву и цифру и напишите ещё раз.", "ar": "يبدو أن الرقم غير صحيح. يرجى التحقق من كل حرف ورقم وكتابته مرة أخرى."}},
	"too_long":     {nil, hubkit.Text{"en": "This is too long. Please write a shorter answer.", "uk": "Відповідь задовга. Будь ласка, напишіть коротше.", "ru": "Это слишком длинно. Пожалуйста, напишите короче.", "ar": "هذا طويل جدًا. يرجى الكتابة باختصار."}},
	"location":     {nil, hubkit.Text{"en": "Please share your location, or write it as latitude, longitude.", "uk": "Будь ласка, поділіться своїм місцем розташування або напишіть його: широта, довгота.", "ru": "Пожалуйста, поделитесь своим местоположением или напишите его: широта, долгота.", "ar": "يرجى مشاركة موقعك أو كتابته: خط العرض، خط الطول."}},
	"photo":        {nil, hubkit.Text{"en": "Please send a photo.", "uk": "Будь ласка, надішліть фото.", "ru": "Пожалуйста, пришлите фото.", "ar": "يرجى إرسال صورة."}},
	"document":     {nil, hubkit.Text{"en": "Please send a photo of the document, or a PDF.", "uk": "Будь ласка, надішліть фото документа або PDF.", "ru": "Пожалуйста, пришлите фото документа или PDF.", "ar": "يرجى إرسال صورة للوثيقة أو ملف PDF."}},
	"file_size":    {[]string{"max"}, hubkit.Text{"en": "The file is too large. It may have at most {max} MB.", "uk": "Файл завеликий. Можна не більше {max} МБ.", "ru": "Файл слишком большой. Можно не больше {max} МБ.", "ar": "الملف كبير جدًا. الحد الأقصى {max} ميغابايت."}},
	"file_type":    {nil, hubkit.Text{"en": "This kind of file cannot be used here.", "uk": "Такий тип файлу тут не підходить.", "ru": "Такой тип файла здесь не подходит.", "ar": "لا يمكن استخدام هذا النوع من الملفات هنا."}},
	"conflict":     {nil, hubkit.Text{"en": "This does not fit an earlier answer.", "uk": "Це не узгоджується з попередньою відповіддю.", "ru": "Это не согласуется с предыдущим ответом.", "ar": "هذا لا يتفق مع إجابة سابقة."}},
	"stale":        {nil, hubkit.Text{"en": "That button belongs to an earlier question.", "uk": "Ця кнопка стосується попереднього запитання.", "ru": "Эта кнопка относится к предыдущему вопросу.", "ar": "هذا الزر يخص سؤالًا سابقًا."}},
	"nobody":       {nil, hubkit.Text{"en": "A person from our team will help you.", "uk": "Вам допоможе людина з нашої команди.", "ru": "Вам поможет человек из нашей команды.", "ar": "سيساعدك شخص من فريقنا."}},
}

// phrase is one of the interview's own texts with its variables.
type phrase struct {
	vars []string
	text hubkit.Text
}
