package main

import (
	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/conversation"
	"github.com/hubkit/hubkit/examples/internal/reference"
)

type text = hubkit.Text

var title = text{"en": "Cash support", "uk": "Грошова допомога", "ru": "Денежная помощь"}

// programme is what people find: a menu with the registration, a word on
// safety, and a person to talk to.
var programme = conversation.Programme{
	ID:        "ua",
	Languages: reference.Form.Languages(),
	Start: conversation.Menu{
		Ask: text{"en": "Hello! How can we help?", "uk": "Вітаємо! Чим можемо допомогти?", "ru": "Здравствуйте! Чем можем помочь?"},
		Items: []conversation.Item{
			{
				Key: "cash", Label: text{"en": "Register for cash support", "uk": "Заявка на грошову допомогу", "ru": "Заявка на денежную помощь"}, Short: text{"en": "Cash support", "uk": "Грошова допомога", "ru": "Денежная помощь"},
				Open: conversation.Ask{
					Form: reference.Form, Score: reference.Card,
					Outcomes: map[string]conversation.Dialog{"under_18": conversation.HandOff{Queue: "children", Topic: "child-alone", Say: childSafe}},
				},
			},
			{
				Key: "rights", Label: text{"en": "Your rights and your data", "uk": "Ваші права та ваші дані", "ru": "Ваши права и ваши данные"}, Short: text{"en": "Your rights", "uk": "Ваші права", "ru": "Ваши права"},
				Open: conversation.Say(rights),
			},
			{
				Key: "person", Label: text{"en": "Talk to a person", "uk": "Поговорити з людиною", "ru": "Поговорить с человеком"},
				Open: conversation.HandOff{Queue: "help"},
			},
		},
	},
}

var rights = text{
	"en": "Help is free of charge. Nobody may ask you for money or a favour for it. If somebody does, choose “Talk to a person”.\n\nYou may ask at any time what we know about you, have it corrected, or have it deleted.",
	"uk": "Допомога безкоштовна. Ніхто не має права вимагати за неї гроші чи послуги. Якщо хтось це робить, виберіть «Поговорити з людиною».\n\nВи можете будь-коли запитати, що ми про вас знаємо, виправити ці дані або видалити їх.",
	"ru": "Помощь бесплатна. Никто не вправе требовать за неё деньги или услуги. Если кто-то это делает, выберите «Поговорить с человеком».\n\nВы можете в любой момент узнать, что мы о вас знаем, исправить эти данные или удалить их.",
}

// childSafe is said to who is under 18: a person of the programme reads what they write.
var childSafe = text{
	"en": "A person from our team reads this chat. You can write here what you need. If you are in danger now, call the police: 102.",
	"uk": "Цей чат читає людина з нашої команди. Ви можете написати тут, що вам потрібно. Якщо ви зараз у небезпеці, телефонуйте в поліцію: 102.",
	"ru": "Этот чат читает человек из нашей команды. Вы можете написать здесь, что вам нужно. Если вы сейчас в опасности, звоните в полицию: 102.",
}
