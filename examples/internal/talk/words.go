package talk

import "github.com/hubkit/hubkit"

// words are what may be written at any moment, in folded form.
var words = map[string][]string{
	"back":     {"back", "назад"},
	"change":   {"change", "змінити", "изменить"},
	"language": {"language", "мова", "язык"},
	"help":     {"help", "допомога", "помощь"},
	"stop":     {"stop", "стоп"},
}

var (
	help = hubkit.Text{
		"en": "Answer with the number of an answer, or with its words. You can also write:\n" +
			"back - answer the question before once more\n" +
			"change - change one of your answers\n" +
			"language - go on in another language\n" +
			"stop - end here; nothing is kept",
		"uk": "Відповідайте номером відповіді або її словами. Також можна написати:\n" +
			"назад — ще раз відповісти на попереднє запитання\n" +
			"змінити — змінити одну з відповідей\n" +
			"мова — продовжити іншою мовою\n" +
			"стоп — завершити; нічого не збережеться",
		"ru": "Отвечайте номером ответа или его словами. Также можно написать:\n" +
			"назад — ещё раз ответить на предыдущий вопрос\n" +
			"изменить — изменить один из ответов\n" +
			"язык — продолжить на другом языке\n" +
			"стоп — закончить; ничего не сохранится",
	}
	stopped = hubkit.Text{
		"en": "All right, we stop here. Nothing was kept.", "uk": "Гаразд, на цьому завершуємо. Нічого не збережено.", "ru": "Хорошо, на этом заканчиваем. Ничего не сохранено.",
	}
	nothingBack = hubkit.Text{
		"en": "This is the first question.", "uk": "Це перше запитання.", "ru": "Это первый вопрос.",
	}
	nothingToChange = hubkit.Text{
		"en": "There is no answer to change yet.", "uk": "Ще немає відповідей, які можна змінити.", "ru": "Пока нет ответов, которые можно изменить.",
	}
)
