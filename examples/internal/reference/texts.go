package reference

import "github.com/hubkit/hubkit"

type text = hubkit.Text

// each is a text said first of the person who answers, who is person 1, and then
// of every other person: nobody is asked about "this person" when they are meant.
func each(enYou, enOther, ukYou, ukOther, ruYou, ruOther string) text {
	both := func(you, other string) string { return "{n, select, 1 {" + you + "} other {" + other + "}}" }
	return text{"en": both(enYou, enOther), "uk": both(ukYou, ukOther), "ru": both(ruYou, ruOther)}
}

// What is said around the questions.
var (
	title = text{"en": "Cash support", "uk": "Грошова допомога", "ru": "Денежная помощь"}

	// A real programme adds who it is, how to reach it without this chat, and
	// how long it keeps the answers. The numbers are counted by a test.
	notice = text{
		"en": "Hello! This is the cash support programme.\n\n" +
			"We ask about you and the people you live with, to learn who needs help most. There are at most 12 short questions, and at most 10 more about each person.\n\n" +
			"Only our team sees your answers. People decide, not a computer. We cannot promise that you will get money.\n\n" +
			"You do not have to answer, and it costs nothing. You can stop at any time and ask us to delete your answers.\n\n" +
			"Do you agree that we keep your answers?",
		"uk": "Вітаємо! Це програма грошової допомоги.\n\n" +
			"Ми запитаємо про вас і про людей, з якими ви живете, щоб зрозуміти, кому допомога потрібна найбільше. Буде щонайбільше 12 коротких запитань і ще до 10 про кожну людину.\n\n" +
			"Ваші відповіді бачить лише наша команда. Рішення ухвалюють люди, а не комп’ютер. Ми не можемо обіцяти, що ви отримаєте гроші.\n\n" +
			"Відповідати не обов’язково, і це безкоштовно. Ви можете будь-коли зупинитися й попросити нас видалити ваші відповіді.\n\n" +
			"Чи погоджуєтеся ви, щоб ми зберігали ваші відповіді?",
		"ru": "Здравствуйте! Это программа денежной помощи.\n\n" +
			"Мы спросим о вас и о людях, с которыми вы живёте, чтобы понять, кому помощь нужна больше всего. Будет не больше 12 коротких вопросов и ещё до 10 о каждом человеке.\n\n" +
			"Ваши ответы видит только наша команда. Решения принимают люди, а не компьютер. Мы не можем обещать, что вы получите деньги.\n\n" +
			"Отвечать не обязательно, и это бесплатно. Вы можете в любой момент остановиться и попросить нас удалить ваши ответы.\n\n" +
			"Согласны ли вы, чтобы мы хранили ваши ответы?",
	}
	noConsent = text{
		"en": "That is your choice, and it is all right. We will ask nothing more. It does not change any other help you get. If you change your mind, just write to us again.",
		"uk": "Це ваш вибір, і все гаразд. Більше запитань не буде. На іншу допомогу, яку ви отримуєте, це не вплине. Якщо передумаєте, просто напишіть нам знову.",
		"ru": "Это ваш выбор, и всё в порядке. Больше вопросов не будет. На другую помощь, которую вы получаете, это не повлияет. Если передумаете, просто напишите нам снова.",
	}
	notSeeking = text{
		"en": "Thank you for telling us. If this changes, just write to us again.",
		"uk": "Дякуємо за відповідь. Якщо щось зміниться, просто напишіть нам знову.",
		"ru": "Спасибо за ответ. Если что-то изменится, просто напишите нам снова.",
	}
	under18 = text{
		"en": "Thank you for writing to us. Only adults answer these questions for a family. Please ask an adult you trust to write to us. If no adult is with you, tell us so here: our team will help you.",
		"uk": "Дякуємо, що ви нам написали. Про сім’ю ми запитуємо в дорослих. Попросіть, будь ласка, написати нам когось із дорослих, кому ви довіряєте. Якщо дорослих поруч немає, напишіть про це сюди: наша команда допоможе.",
		"ru": "Спасибо, что написали нам. О семье мы спрашиваем у взрослых. Пожалуйста, попросите написать нам кого-то из взрослых, кому вы доверяете. Если взрослых рядом нет, напишите об этом сюда: наша команда поможет.",
	}
	thanks = text{
		"en": "Thank you. We have your answers. Our team will read them and write to you here.",
		"uk": "Дякуємо. Ми отримали ваші відповіді. Наша команда прочитає їх і напише вам сюди.",
		"ru": "Спасибо. Мы получили ваши ответы. Наша команда прочитает их и напишет вам сюда.",
	}

	peopleTitle  = text{"en": "The people you live with", "uk": "Люди, з якими ви живете", "ru": "Люди, с которыми вы живёте"}
	livingTitle  = text{"en": "Money and housing", "uk": "Гроші та житло", "ru": "Деньги и жильё"}
	contactTitle = text{"en": "How to reach you", "uk": "Як із вами зв’язатися", "ru": "Как с вами связаться"}

	person = each(
		"Person 1 (you)", "Person {n}",
		"Людина 1 (ви)", "Людина {n}",
		"Человек 1 (вы)", "Человек {n}",
	)
	oneByOne = text{
		"en": "{household_size, select, 1 {Now a few questions about you. We do not ask for your name.} other {Now a few questions about each person, one after another. Person 1 is you. We do not ask for names.}}",
		"uk": "{household_size, select, 1 {Тепер кілька запитань про вас. Ім’я писати не потрібно.} other {Тепер кілька запитань про кожну людину по черзі. Людина 1 — це ви. Імена писати не потрібно.}}",
		"ru": "{household_size, select, 1 {Теперь несколько вопросов о вас. Имя писать не нужно.} other {Теперь несколько вопросов о каждом человеке по очереди. Человек 1 — это вы. Имена писать не нужно.}}",
	}
	sixQuestions = each(
		"The next six questions are about difficulties you may have doing certain activities because of a health problem.", "The next six questions are about difficulties this person may have doing certain activities because of a health problem.",
		"Далі шість запитань про труднощі, які ви можете мати у щоденних справах через проблеми зі здоров’ям.", "Далі шість запитань про труднощі, які ця людина може мати у щоденних справах через проблеми зі здоров’ям.",
		"Дальше шесть вопросов о трудностях, которые могут быть у вас в повседневных делах из-за проблем со здоровьем.", "Дальше шесть вопросов о трудностях, которые могут быть у этого человека в повседневных делах из-за проблем со здоровьем.",
	)
)

// The questions of the screening.
var (
	askLanguage = text{"en": "Which language do you prefer?", "uk": "Якою мовою вам зручніше?", "ru": "На каком языке вам удобнее?"}

	askSeeking = text{"en": "Are you looking for cash support?", "uk": "Чи потрібна вам грошова допомога?", "ru": "Нужна ли вам денежная помощь?"}
	askAdult   = text{"en": "Are you 18 or older?", "uk": "Вам уже виповнилося 18 років?", "ru": "Вам уже исполнилось 18 лет?"}

	askRegion  = text{"en": "In which region do you live now?", "uk": "У якій області ви зараз живете?", "ru": "В какой области вы сейчас живёте?"}
	hintRegion = text{"en": "Write its name or its number.", "uk": "Напишіть назву або номер.", "ru": "Напишите название или номер."}

	askDisplaced = text{"en": "Are you living away from your home because of the war?", "uk": "Ви зараз живете не у своєму домі через війну?", "ru": "Вы сейчас живёте не у себя дома из-за войны?"}
	askSince     = text{"en": "When did you leave your home?", "uk": "Коли ви виїхали зі свого дому?", "ru": "Когда вы уехали из своего дома?"}
	hintSince    = text{
		"en": "Day, month, year, for example 15.09.2023. If you do not know the day, write the 1st.",
		"uk": "День, місяць, рік, наприклад 15.09.2023. Якщо не знаєте дня, напишіть 1-ше число.",
		"ru": "День, месяц, год, например 15.09.2023. Если не знаете дня, напишите 1-е число.",
	}
	tooEarly = text{
		"en": "We ask about leaving home because of the war. Please write a date in 2014 or later.",
		"uk": "Ми питаємо про виїзд через війну. Напишіть, будь ласка, дату не раніше 2014 року.",
		"ru": "Мы спрашиваем об отъезде из-за войны. Напишите, пожалуйста, дату не раньше 2014 года.",
	}
)

// The questions about each person.
var (
	askSize  = text{"en": "How many people live together with you, counting yourself?", "uk": "Скільки людей живе разом із вами, рахуючи й вас?", "ru": "Сколько человек живёт вместе, считая вас?"}
	hintSize = text{
		"en": "Count everyone who shares food and money with you, also children.",
		"uk": "Порахуйте всіх, з ким у вас спільні їжа та гроші, і дітей також.",
		"ru": "Посчитайте всех, с кем у вас общие еда и деньги, и детей тоже.",
	}

	askAge = each(
		"How old are you?", "How old is this person?",
		"Скільки вам років?", "Скільки років цій людині?",
		"Сколько вам лет?", "Сколько лет этому человеку?",
	)
	hintAge = each(
		"A rough age is fine.", "A rough age is fine. For a baby under one year, write 0.",
		"Можна приблизно.", "Можна приблизно. Якщо дитині ще немає року, напишіть 0.",
		"Можно примерно.", "Можно примерно. Если ребёнку ещё нет года, напишите 0.",
	)
	tooYoung = text{
		"en": "You told us that you are 18 or older. Please check your age and write it again.",
		"uk": "Ви відповіли, що вам уже виповнилося 18 років. Перевірте, будь ласка, свій вік і напишіть його ще раз.",
		"ru": "Вы ответили, что вам уже исполнилось 18 лет. Проверьте, пожалуйста, свой возраст и напишите его ещё раз.",
	}

	askSex = each(
		"What is your sex?", "What is the sex of this person?",
		"Яка у вас стать?", "Яка стать у цієї людини?",
		"Какой у вас пол?", "Какой пол у этого человека?",
	)
	female = text{"en": "Female", "uk": "Жіноча", "ru": "Женский"}
	male   = text{"en": "Male", "uk": "Чоловіча", "ru": "Мужской"}

	askPregnant = each(
		"Are you pregnant now?", "Is she pregnant now?",
		"Ви зараз вагітні?", "Вона зараз вагітна?",
		"Вы сейчас беременны?", "Она сейчас беременна?",
	)

	// English as the Washington Group publishes it, and the same for a third
	// person; Ukrainian and Russian after the wording that surveys in Ukraine use.
	askSeeing = each(
		"Do you have difficulty seeing, even if wearing glasses?", "Does this person have difficulty seeing, even if wearing glasses?",
		"Чи маєте ви труднощі із зором, навіть якщо носите окуляри?", "Чи має ця людина труднощі із зором, навіть якщо носить окуляри?",
		"Есть ли у вас трудности со зрением, даже если вы носите очки?", "Есть ли у этого человека трудности со зрением, даже в очках?",
	)
	askHearing = each(
		"Do you have difficulty hearing, even if using a hearing aid?", "Does this person have difficulty hearing, even if using a hearing aid?",
		"Чи маєте ви труднощі зі слухом, навіть якщо користуєтеся слуховим апаратом?", "Чи має ця людина труднощі зі слухом, навіть якщо користується слуховим апаратом?",
		"Есть ли у вас трудности со слухом, даже если вы пользуетесь слуховым аппаратом?", "Есть ли у этого человека трудности со слухом, даже со слуховым аппаратом?",
	)
	askWalking = each(
		"Do you have difficulty walking or climbing steps?", "Does this person have difficulty walking or climbing steps?",
		"Чи маєте ви труднощі з ходьбою або підйомом сходами?", "Чи має ця людина труднощі з ходьбою або підйомом сходами?",
		"Есть ли у вас трудности с ходьбой или подъёмом по лестнице?", "Есть ли у этого человека трудности с ходьбой или подъёмом по лестнице?",
	)
	askRemembering = each(
		"Do you have difficulty remembering or concentrating?", "Does this person have difficulty remembering or concentrating?",
		"Чи маєте ви труднощі із запам’ятовуванням або концентрацією уваги?", "Чи має ця людина труднощі із запам’ятовуванням або концентрацією уваги?",
		"Есть ли у вас трудности с запоминанием или концентрацией внимания?", "Есть ли у этого человека трудности с запоминанием или концентрацией внимания?",
	)
	askSelfCare = each(
		"Do you have difficulty with self-care, such as washing all over or dressing?", "Does this person have difficulty with self-care, such as washing all over or dressing?",
		"Чи маєте ви труднощі з доглядом за собою, наприклад, коли треба повністю помитися чи одягнутися?", "Чи має ця людина труднощі з доглядом за собою, наприклад, коли треба повністю помитися чи одягнутися?",
		"Есть ли у вас трудности с уходом за собой, например, когда нужно полностью помыться или одеться?", "Есть ли у этого человека трудности с уходом за собой, например, когда нужно полностью помыться или одеться?",
	)
	askCommunicating = each(
		"Using your usual language, do you have difficulty communicating, for example understanding or being understood?", "Using their usual language, does this person have difficulty communicating, for example understanding or being understood?",
		"Чи маєте ви труднощі у спілкуванні звичною для вас мовою, наприклад із тим, щоб розуміти інших чи щоб розуміли вас?", "Чи має ця людина труднощі у спілкуванні звичною для неї мовою, наприклад із тим, щоб розуміти інших чи щоб розуміли її?",
		"Есть ли у вас трудности в общении на привычном для вас языке, например с тем, чтобы понимать других или чтобы понимали вас?", "Есть ли у этого человека трудности в общении на привычном языке, например с тем, чтобы понимать других или чтобы понимали его?",
	)
	noDifficulty   = text{"en": "No, no difficulty", "uk": "Ні, жодних труднощів", "ru": "Нет, никаких трудностей"}
	someDifficulty = text{"en": "Yes, some difficulty", "uk": "Так, деякі труднощі", "ru": "Да, некоторые трудности"}
	aLot           = text{"en": "Yes, a lot of difficulty", "uk": "Так, значні труднощі", "ru": "Да, большие трудности"}
	cannot         = text{"en": "Cannot do it at all", "uk": "Зовсім не можу (не може)", "ru": "Совсем не могу (не может)"}

	shortNo     = text{"en": "No", "uk": "Ні", "ru": "Нет"}
	shortSome   = text{"en": "Some difficulty", "uk": "Деякі труднощі", "ru": "Некоторые трудности"}
	shortALot   = text{"en": "A lot of difficulty", "uk": "Значні труднощі", "ru": "Большие трудности"}
	shortCannot = text{"en": "Cannot at all", "uk": "Зовсім не виходить", "ru": "Совсем не получается"}

	askChronic = each(
		"Do you have a long illness that needs regular treatment?", "Does this person have a long illness that needs regular treatment?",
		"Чи маєте ви тривалу хворобу, яка потребує постійного лікування?", "Чи має ця людина тривалу хворобу, яка потребує постійного лікування?",
		"Есть ли у вас длительная болезнь, при которой нужно постоянное лечение?", "Есть ли у этого человека длительная болезнь, при которой нужно постоянное лечение?",
	)
	hintChronic = text{"en": "You do not need to say which one.", "uk": "Яку саме, писати не потрібно.", "ru": "Какую именно, писать не нужно."}
)

// The questions about the household.
var (
	askOnlyAdult = text{
		"en": "Are you the only adult who takes care of the people you live with?",
		"uk": "Ви єдина доросла людина, яка дбає про тих, з ким ви живете?",
		"ru": "Вы единственный взрослый человек, который заботится о тех, с кем вы живёте?",
	}

	askIncome = text{
		"en": "{household_size, select, 1 {How many hryvnias did you receive last month?} other {How many hryvnias did all of you together receive last month?}}",
		"uk": "{household_size, select, 1 {Скільки гривень ви отримали минулого місяця?} other {Скільки гривень ви всі разом отримали минулого місяця?}}",
		"ru": "{household_size, select, 1 {Сколько гривен вы получили в прошлом месяце?} other {Сколько гривен вы все вместе получили в прошлом месяце?}}",
	}
	hintIncome = text{
		"en": "Count wages, pensions, state payments and help from others. A rough number is fine. If there was nothing, write 0.",
		"uk": "Врахуйте зарплати, пенсії, державні виплати й допомогу від інших. Можна приблизно. Якщо нічого не було, напишіть 0.",
		"ru": "Учтите зарплаты, пенсии, государственные выплаты и помощь от других. Можно примерно. Если ничего не было, напишите 0.",
	}

	askHousing  = text{"en": "What kind of place do you live in now?", "uk": "У якому житлі ви зараз живете?", "ru": "В каком жилье вы сейчас живёте?"}
	ownHome     = text{"en": "Own home", "uk": "Власне житло", "ru": "Собственное жильё"}
	damagedHome = text{"en": "Own home, damaged", "uk": "Власне житло, але пошкоджене", "ru": "Собственное, но повреждённое"}
	rentedHome  = text{"en": "A rented home", "uk": "Орендоване житло", "ru": "Съёмное жильё"}
	hostedHome  = text{"en": "With family or friends", "uk": "У рідних або друзів", "ru": "У родных или друзей"}
	collective  = text{
		"en": "A collective shelter, such as a school or dormitory",
		"uk": "Місце тимчасового проживання, наприклад школа чи гуртожиток",
		"ru": "Место временного проживания, например школа или общежитие",
	}
	noHome    = text{"en": "No place to stay", "uk": "Немає де жити", "ru": "Негде жить"}
	otherHome = text{"en": "Somewhere else", "uk": "Інше", "ru": "Другое"}

	shortDamaged    = text{"en": "Own home, damaged", "uk": "Власне, пошкоджене", "ru": "Своё, повреждённое"}
	shortHosted     = text{"en": "Family or friends", "uk": "У рідних, друзів", "ru": "У родных, друзей"}
	shortCollective = text{"en": "Collective shelter", "uk": "Школа, гуртожиток", "ru": "Школа, общежитие"}

	askDocuments  = text{"en": "Which of these documents do you have?", "uk": "Які з цих документів у вас є?", "ru": "Какие из этих документов у вас есть?"}
	hintDocuments = text{
		"en": "You can register without documents too.",
		"uk": "Зареєструватися можна й без документів.",
		"ru": "Зарегистрироваться можно и без документов.",
	}
	passport     = text{"en": "Passport or ID card", "uk": "Паспорт або ID-картка", "ru": "Паспорт или ID-карта"}
	taxNumber    = text{"en": "Tax number", "uk": "Податковий номер (РНОКПП)", "ru": "Налоговый номер (ИНН)"}
	certificate  = text{"en": "Displacement certificate", "uk": "Довідка переселенця (ВПО)", "ru": "Справка переселенца (ВПО)"}
	noneOfThese  = text{"en": "None of these", "uk": "Жодного з них", "ru": "Ни одного из них"}
	shortTax     = text{"en": "Tax number", "uk": "Податковий номер", "ru": "Налоговый номер"}
	shortPass    = text{"en": "Passport or ID card", "uk": "Паспорт, ID-картка", "ru": "Паспорт, ID-карта"}
	shortDisplac = text{"en": "Displacement paper", "uk": "Довідка ВПО", "ru": "Справка ВПО"}

	askPhone  = text{"en": "On which number is it safe for us to call you?", "uk": "За яким номером вам безпечно телефонувати?", "ru": "По какому номеру вам безопасно звонить?"}
	hintPhone = text{"en": "For example 050 123 45 67.", "uk": "Наприклад, 050 123 45 67.", "ru": "Например, 050 123 45 67."}

	askAccount = text{
		"en": "If you are given money, which bank account should it go to? Please write the IBAN.",
		"uk": "Якщо вам призначать допомогу, на який банківський рахунок її надіслати? Напишіть, будь ласка, IBAN.",
		"ru": "Если вам назначат помощь, на какой банковский счёт её отправить? Напишите, пожалуйста, IBAN.",
	}
	hintAccount = text{
		"en": "It begins with UA and has 29 characters. We never ask for a PIN, a card code or a password.",
		"uk": "Він починається з UA і має 29 знаків. Ми ніколи не питаємо PIN-код, код із картки чи пароль.",
		"ru": "Он начинается с UA и состоит из 29 знаков. Мы никогда не спрашиваем PIN-код, код с карты или пароль.",
	}
)

// What the answers are called in the summary.
var (
	briefConsent       = text{"en": "Consent", "uk": "Згода", "ru": "Согласие"}
	briefSeeking       = text{"en": "Cash support needed", "uk": "Потрібна грошова допомога", "ru": "Нужна денежная помощь"}
	briefAdult         = text{"en": "18 or older", "uk": "18 років або більше", "ru": "18 лет или больше"}
	briefRegion        = text{"en": "Region", "uk": "Область", "ru": "Область"}
	briefDisplaced     = text{"en": "Away from home because of the war", "uk": "Не вдома через війну", "ru": "Не дома из-за войны"}
	briefSince         = text{"en": "Left home", "uk": "Дата виїзду", "ru": "Дата отъезда"}
	briefSize          = text{"en": "People living together", "uk": "Людей живе разом", "ru": "Людей живёт вместе"}
	briefAge           = text{"en": "Age", "uk": "Вік", "ru": "Возраст"}
	briefSex           = text{"en": "Sex", "uk": "Стать", "ru": "Пол"}
	briefPregnant      = text{"en": "Pregnancy", "uk": "Вагітність", "ru": "Беременность"}
	briefSeeing        = text{"en": "Seeing", "uk": "Зір", "ru": "Зрение"}
	briefHearing       = text{"en": "Hearing", "uk": "Слух", "ru": "Слух"}
	briefWalking       = text{"en": "Walking", "uk": "Ходьба", "ru": "Ходьба"}
	briefRemembering   = text{"en": "Memory", "uk": "Пам’ять", "ru": "Память"}
	briefSelfCare      = text{"en": "Self-care", "uk": "Догляд за собою", "ru": "Уход за собой"}
	briefCommunicating = text{"en": "Communication", "uk": "Спілкування", "ru": "Общение"}
	briefChronic       = text{"en": "Long illness", "uk": "Тривала хвороба", "ru": "Длительная болезнь"}
	briefOnlyAdult     = text{"en": "Only adult who cares", "uk": "Дбає лише одна доросла людина", "ru": "Заботится только один взрослый"}
	briefIncome        = text{"en": "Money last month, hryvnias", "uk": "Гроші за минулий місяць, грн", "ru": "Деньги за прошлый месяц, грн"}
	briefHousing       = text{"en": "Housing", "uk": "Житло", "ru": "Жильё"}
	briefDocuments     = text{"en": "Documents", "uk": "Документи", "ru": "Документы"}
	briefPhone         = text{"en": "Telephone", "uk": "Телефон", "ru": "Телефон"}
	briefAccount       = text{"en": "Bank account", "uk": "Банківський рахунок", "ru": "Банковский счёт"}
)

// Why a household gets points, in words that are fair to be read by the people concerned.
var (
	cardTitle = text{
		"en": "Illustrative card: an example, in use nowhere",
		"uk": "Навчальна картка: приклад, який ніде не застосовують",
		"ru": "Учебная карта: пример, который нигде не применяют",
	}
	becauseOlder = text{"en": "Someone in the household is 60 or older", "uk": "У домі є хтось віком від 60 років", "ru": "В доме есть кто-то от 60 лет"}
	becauseSmall = text{"en": "Children under five live in the household", "uk": "У домі живуть діти віком до п’яти років", "ru": "В доме живут дети до пяти лет"}
	becauseWG    = text{
		"en": "Someone has a lot of difficulty with seeing, hearing, walking, memory, self-care or communication",
		"uk": "Хтось має значні труднощі із зором, слухом, ходьбою, пам’яттю, доглядом за собою або спілкуванням",
		"ru": "У кого-то большие трудности со зрением, слухом, ходьбой, памятью, уходом за собой или общением",
	}
	becausePregnant  = text{"en": "Someone is pregnant", "uk": "Хтось чекає на народження дитини", "ru": "Кто-то ждёт рождения ребёнка"}
	becauseChronic   = text{"en": "Someone needs regular treatment for a long illness", "uk": "Хтось потребує постійного лікування через тривалу хворобу", "ru": "Кому-то нужно постоянное лечение из-за длительной болезни"}
	becauseOnlyAdult = text{
		"en": "One adult alone takes care of people who need more support",
		"uk": "Лише одна доросла людина дбає про тих, кому потрібно більше підтримки",
		"ru": "Только один взрослый заботится о тех, кому нужно больше поддержки",
	}
	becauseVeryLow   = text{"en": "Each person has very little money for a month", "uk": "На кожну людину припадає дуже мало грошей на місяць", "ru": "На каждого человека приходится очень мало денег в месяц"}
	becauseLow       = text{"en": "Each person has little money for a month", "uk": "На кожну людину припадає мало грошей на місяць", "ru": "На каждого человека приходится мало денег в месяц"}
	becauseDamaged   = text{"en": "The home is damaged", "uk": "Житло пошкоджене", "ru": "Жильё повреждено"}
	becauseShelter   = text{"en": "The household lives in a collective shelter", "uk": "Ви живете в місці тимчасового проживання", "ru": "Вы живёте в месте временного проживания"}
	becauseNoHome    = text{"en": "The household has no place to stay", "uk": "Вам немає де жити", "ru": "Вам негде жить"}
	becauseDisplaced = text{"en": "The household had to leave its home because of the war", "uk": "Вам довелося залишити дім через війну", "ru": "Вам пришлось покинуть дом из-за войны"}

	bandLow    = text{"en": "lower need", "uk": "менша потреба", "ru": "меньшая потребность"}
	bandMedium = text{"en": "medium need", "uk": "середня потреба", "ru": "средняя потребность"}
	bandHigh   = text{"en": "high need", "uk": "велика потреба", "ru": "большая потребность"}
)

// region is one unit of the first administrative level.
type region struct {
	code   string // the place code that maps and other agencies' tables use: "UA63"
	label  text
	common text // what people call it, which also fits where space is short
}

func place(code string, label, common [3]string) region {
	return region{code, text{"en": label[0], "uk": label[1], "ru": label[2]}, text{"en": common[0], "uk": common[1], "ru": common[2]}}
}

// regions are the 27 units in the order of the Ukrainian alphabet, the same in
// every language, and last a place outside of them.
var regions = [...]region{
	place("UA01", [3]string{"Autonomous Republic of Crimea", "Автономна Республіка Крим", "Автономная Республика Крым"}, [3]string{"Crimea", "Крим", "Крым"}),
	place("UA05", [3]string{"Vinnytsia region", "Вінницька область", "Винницкая область"}, [3]string{"Vinnytsia", "Вінниця", "Винница"}),
	place("UA07", [3]string{"Volyn region", "Волинська область", "Волынская область"}, [3]string{"Volyn", "Волинь", "Волынь"}),
	place("UA12", [3]string{"Dnipropetrovsk region", "Дніпропетровська область", "Днепропетровская область"}, [3]string{"Dnipro", "Дніпро", "Днепр"}),
	place("UA14", [3]string{"Donetsk region", "Донецька область", "Донецкая область"}, [3]string{"Donetsk", "Донецьк", "Донецк"}),
	place("UA18", [3]string{"Zhytomyr region", "Житомирська область", "Житомирская область"}, [3]string{"Zhytomyr", "Житомир", "Житомир"}),
	place("UA21", [3]string{"Zakarpattia region", "Закарпатська область", "Закарпатская область"}, [3]string{"Zakarpattia", "Закарпаття", "Закарпатье"}),
	place("UA23", [3]string{"Zaporizhzhia region", "Запорізька область", "Запорожская область"}, [3]string{"Zaporizhzhia", "Запоріжжя", "Запорожье"}),
	place("UA26", [3]string{"Ivano-Frankivsk region", "Івано-Франківська область", "Ивано-Франковская область"}, [3]string{"Ivano-Frankivsk", "Івано-Франківськ", "Ивано-Франковск"}),
	place("UA80", [3]string{"Kyiv city", "місто Київ", "город Киев"}, [3]string{"Kyiv", "Київ", "Киев"}),
	place("UA32", [3]string{"Kyiv region", "Київська область", "Киевская область"}, [3]string{"Kyiv region", "Київщина", "Киевщина"}),
	place("UA35", [3]string{"Kirovohrad region", "Кіровоградська область", "Кировоградская область"}, [3]string{"Kropyvnytskyi", "Кропивницький", "Кропивницкий"}),
	place("UA44", [3]string{"Luhansk region", "Луганська область", "Луганская область"}, [3]string{"Luhansk", "Луганськ", "Луганск"}),
	place("UA46", [3]string{"Lviv region", "Львівська область", "Львовская область"}, [3]string{"Lviv", "Львів", "Львов"}),
	place("UA48", [3]string{"Mykolaiv region", "Миколаївська область", "Николаевская область"}, [3]string{"Mykolaiv", "Миколаїв", "Николаев"}),
	place("UA51", [3]string{"Odesa region", "Одеська область", "Одесская область"}, [3]string{"Odesa", "Одеса", "Одесса"}),
	place("UA53", [3]string{"Poltava region", "Полтавська область", "Полтавская область"}, [3]string{"Poltava", "Полтава", "Полтава"}),
	place("UA56", [3]string{"Rivne region", "Рівненська область", "Ровненская область"}, [3]string{"Rivne", "Рівне", "Ровно"}),
	place("UA85", [3]string{"Sevastopol city", "місто Севастополь", "город Севастополь"}, [3]string{"Sevastopol", "Севастополь", "Севастополь"}),
	place("UA59", [3]string{"Sumy region", "Сумська область", "Сумская область"}, [3]string{"Sumy", "Суми", "Сумы"}),
	place("UA61", [3]string{"Ternopil region", "Тернопільська область", "Тернопольская область"}, [3]string{"Ternopil", "Тернопіль", "Тернополь"}),
	place("UA63", [3]string{"Kharkiv region", "Харківська область", "Харьковская область"}, [3]string{"Kharkiv", "Харків", "Харьков"}),
	place("UA65", [3]string{"Kherson region", "Херсонська область", "Херсонская область"}, [3]string{"Kherson", "Херсон", "Херсон"}),
	place("UA68", [3]string{"Khmelnytskyi region", "Хмельницька область", "Хмельницкая область"}, [3]string{"Khmelnytskyi", "Хмельницький", "Хмельницкий"}),
	place("UA71", [3]string{"Cherkasy region", "Черкаська область", "Черкасская область"}, [3]string{"Cherkasy", "Черкаси", "Черкассы"}),
	place("UA73", [3]string{"Chernivtsi region", "Чернівецька область", "Черновицкая область"}, [3]string{"Chernivtsi", "Чернівці", "Черновцы"}),
	place("UA74", [3]string{"Chernihiv region", "Чернігівська область", "Черниговская область"}, [3]string{"Chernihiv", "Чернігів", "Чернигов"}),
	place("abroad", [3]string{"Outside Ukraine", "За межами України", "За пределами Украины"}, [3]string{"Abroad", "За кордоном", "За границей"}),
}
