# ruff: noqa: RUF001 - names are written as their bearers write them
"""Given and family names, by language. Lists of our own; combinations are made by dice and belong to nobody."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Language:
    """A language's names: for girls, for boys, of families; and how families of it write theirs.

    Attributes:
        weight: how many of a hundred families.
        double: how many of a hundred children have both parents' family names.
        joint: what stands between the two.
        race: the OneRoster column that is true for most; empty for none.
    """

    weight: int
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    families: tuple[str, ...]
    double: int = 0
    joint: str = "-"
    race: str = "white"
    hispanic: bool = False


def _(words: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in words.split())


ENGLISH = Language(
    40,
    _(
        "Abigail Ada Beatrice Brianna Caroline Charlotte Clara Daisy Eleanor Ella Emma Faith Georgia"
        " Grace Hannah Harper Hazel Imani Isla Ivy Jasmine Josephine Kayla Lily Lucy Mabel Madison Maya"
        " Nora Olive Paige Piper Quinn Ruby Sadie Stella Tessa Violet Willow Zoe Anne-Marie Mary_Kate"
    ),
    _(
        "Aaron Adam Andre Asher Benjamin Caleb Calvin Darius Dominic Elijah Ethan Felix Finn Gabriel"
        " Grant Henry Hugh Isaac Jack Jamal James Jonah Julian Kai Levi Liam Lucas Malik Mason Miles"
        " Nathan Noah Oliver Owen Patrick Reid Samuel Theo Tyrone Wesley Xavier Zachary D'Andre"
    ),
    _(
        "Abbott Anderson Baker Barnes Bell Brooks Campbell Carter Clark Coleman Cooper Cox Davis Dawson"
        " Ellis Evans Fisher Foster Freeman Gibson Grant Gray Green Hall Harris Hayes Hill Howard Hughes"
        " Jackson James Jenkins Johnson Jones Kelly Kennedy King Lewis Long Marshall Mason McCarthy"
        " McKenzie Mitchell Moore Morgan Morris Murphy Nelson O'Brien O'Connor Owens Parker Patterson"
        " Perry Price Reed Reynolds Richardson Robinson Ross Russell Sanders Scott Simmons Smith Stewart"
        " Sullivan Taylor Thomas Thompson Turner Walker Wallace Washington Watson West White Williams"
        " Wilson Wood Wright Young"
    ),
    double=4,
)
SPANISH = Language(
    26,
    _(
        "Alejandra Ana Araceli Camila Catalina Daniela Elena Esmeralda Fernanda Gabriela Guadalupe Inés"
        " Isabela Itzel Jimena Lucía Luz_María María_José Mariana Marisol Natalia Noemí Paloma Renata"
        " Rocío Sofía Valentina Ximena Yolanda Zoé"
    ),
    _(
        "Adrián Alejandro Andrés Ángel Carlos César Cristóbal Diego Emiliano Esteban Fabián Felipe Gael"
        " Héctor Iker Iván Javier Jesús Joaquín Jorge José_Luis Juan_Pablo Julián Leonardo Luis Mateo"
        " Matías Miguel_Ángel Nicolás Óscar Rafael Ramón Raúl Rodrigo Santiago Sebastián Tomás"
    ),
    _(
        "Acosta Aguilar Álvarez Arroyo Ávila Beltrán Cabrera Campos Cárdenas Castañeda Castillo Cervantes"
        " Contreras Cruz Delgado Díaz Domínguez Escobar Espinoza Fernández Flores Fuentes Gallegos García"
        " Gómez González Guerrero Gutiérrez Hernández Herrera Ibáñez Jiménez Juárez Lara León López Luna"
        " Maldonado Márquez Martínez Medina Mejía Méndez Mendoza Molina Montoya Morales Moreno Muñoz"
        " Navarro Núñez Ochoa Ortega Ortiz Pacheco Padilla Peña Pérez Quiñones Ramírez Ramos Reyes Ríos"
        " Rivera Rodríguez Rojas Romero Rosales Ruiz Salazar Sánchez Sandoval Serrano Solís Soto Suárez"
        " Torres Trujillo Valdez Vargas Vásquez Vega Velázquez Villarreal Zamora Zúñiga de_la_Cruz"
        " de_León del_Río"
    ),
    double=45,
    joint=" ",
    hispanic=True,
)
VIETNAMESE = Language(
    4,
    _("Ánh Bích_Ngọc Châu Diễm Hạnh Hương Khánh_Linh Lan Mai Ngọc Phương Quỳnh Thảo Thu_Hà Trang Tuyết Vân Yến"),
    _("An Bảo Công Đạt Đức Duy Hải Hiếu Hùng Khang Khôi Long Minh Nam Nghĩa Phúc Quang Sơn Thành Tuấn Việt"),
    _("Nguyễn Trần Lê Phạm Huỳnh Hoàng Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh"),
    race="asian",
)
CHINESE = Language(
    4,
    _("Jiayi Lihua Meilin Ruoxi Shuyan Xinyi Yating Yuhan Zihan 思颖 雨桐 欣怡"),
    _("Bowen Chenxi Haoran Jianyu Junjie Mingze Weiming Yichen Zhihao 子轩 浩宇 俊杰"),
    _("Chen Huang Li Lin Liu Sun Wang Wu Xu Yang Zhang Zhao Zhou Zhu Ouyang 王 李 陈 欧阳"),
    race="asian",
)
ARABIC = Language(
    4,
    _("Aisha Amina Dalia Fatima Hala Huda Khadija Layla Mariam Noor Rania Salma Samira Yasmin Zahra ليلى مريم نور"),
    _("Ahmad Ali Bilal Faisal Hamza Hassan Ibrahim Karim Khalid Mahmoud Omar Rashid Tariq Yusuf Zaid يوسف عمر خالد"),
    _(
        "Abdullah Al-Amin Al-Hassan Aziz Darwish El-Sayed Farouk Haddad Hamdan Ismail Khoury Mansour"
        " Nasser Qureshi Saleh"
    ),
    race="",
    double=10,
)
SOUTH_ASIAN = Language(
    4,
    _("Aditi Ananya Anjali Deepa Isha Kavya Lakshmi Meera Nisha Priya Riya Saanvi Shreya Tanvi Zara अनन्या"),
    _("Aarav Aditya Arjun Dev Gurpreet Harsh Ishaan Kabir Krishna Nikhil Rohan Sai Siddharth Vihaan Vikram आरव"),
    _(
        "Acharya Bhatt Chaudhary Das Gill Gupta Iyer Kapoor Kaur Khan Krishnamurthy Mehta Nair Patel Rao"
        " Reddy Sharma Singh"
    ),
    race="asian",
)
SLAVIC = Language(
    4,
    _("Agnieszka Anastasiia Bohdana Darya Ewa Halyna Katarzyna Ludmiła Małgorzata Oksana Svitlana Zofia Олена Марія"),
    _("Andriy Bartłomiej Bogdan Dmytro Jakub Krzysztof Łukasz Mykola Oleh Paweł Stanisław Taras Wojciech Юрій Іван"),
    _(
        "Bondarenko Dąbrowski Jabłoński Kowalczyk Kravchenko Lewandowski Melnyk Nowak Petrenko Shevchenko"
        " Wójcik Zieliński Коваленко Шевчук"
    ),
    double=5,
)
FRENCH = Language(
    3,
    _("Aurélie Chloé Fabiola Geneviève Hélène Jocelyne Marie-Ange Mirlande Noëlle Rose-Laure Solène Thérèse Zélie"),
    _("Benoît Édouard François Gérard Jean-Baptiste Jean-Claude Loïc Mackenson Rémy Stéphane Wilner Yves"),
    _(
        "Baptiste Beaulieu Célestin Dessalines Dupré Étienne Fontaine Jean-Louis Lafontant Lefèvre"
        " Pierre-Louis Saint-Fleur Toussaint"
    ),
    race="blackOrAfricanAmerican",
)
PORTUGUESE = Language(
    2,
    _("Beatriz Conceição Fátima Inês Joana Letícia Luísa Mônica Thaís Vitória"),
    _("André Antônio Caio João João_Pedro Lourenço Márcio Otávio Thiago Vinícius"),
    _("Araújo Assunção Batista Carvalho da_Silva dos_Santos Gonçalves Magalhães Nóbrega Pereira Simões"),
    double=35,
    joint=" ",
    hispanic=True,
)
WEST_AFRICAN = Language(
    3,
    _("Abena Adaeze Adesuwa Akosua Amara Chidinma Efua Folasade Ìyábọ̀ Ngozi Temitope Yaa Zainab"),
    _("Babajide Chukwuemeka Emeka Kofi Kwabena Kwame Obinna Olúwaṣeun Sékou Tunde Yaw"),
    _("Adébáyọ̀ Adeyemi Boateng Diallo Eze Mensah Nwosu Okafor Okonkwo Ọláwálé Owusu Traoré"),
    race="blackOrAfricanAmerican",
    double=8,
)
KOREAN = Language(
    2,
    _("Eun-ji Ha-eun Ji-woo Min-seo Seo-yeon So-yeon Yu-na 지우 서연"),
    _("Do-yun Ha-joon Jae-hyun Ji-ho Min-jun Seung-min Woo-jin 민준 도윤"),
    _("Bae Choi Han Jang Jeong Kang Kim Lee Park Seo Shin Yoon"),
    race="asian",
)
DINE = Language(
    2,
    _("Ajei Doli Haseya Nizhoni Sahkyo Yanaba Shándíín"),
    _("Ahiga Ashkii Bidziil Hastiin Nastas Niyol Sani"),
    _("Attakai Begay Benally Bitsui Etsitty Nez Tohee Tsosie Yazzie"),
    race="americanIndianOrAlaskaNative",
)
PACIFIC = Language(
    2,
    _("Alofa Kalea Leilani Malia Moana Noelani Sina ʻAlohilani"),
    _("Ikaika Kainoa Keoni Makoa Sione Tavita Viliami Kekoa"),
    _("Faleolo Kahananui Kealoha Leota Māhoe Tuiasosopo Tupou Vainikolo"),
    race="nativeHawaiianOrOtherPacificIslander",
)

LANGUAGES = (
    ENGLISH,
    SPANISH,
    VIETNAMESE,
    CHINESE,
    ARABIC,
    SOUTH_ASIAN,
    SLAVIC,
    FRENCH,
    PORTUGUESE,
    WEST_AFRICAN,
    KOREAN,
    DINE,
    PACIFIC,
)
WEIGHTS = tuple(language.weight for language in LANGUAGES)


def draw_language(rng: Random) -> Language:
    """The language of a family."""
    return rng.choices(LANGUAGES, WEIGHTS)[0]


def draw_given(rng: Random, language: Language, sex: str) -> str:
    """A given name. One family in eight takes it from English, whatever its own language."""
    source = ENGLISH if rng.random() < 0.125 else language
    return rng.choice(source.girls if sex == "female" else source.boys)


def draw_family(rng: Random, language: Language) -> str:
    """A family name, of both parents where the language does so."""
    first = rng.choice(language.families)
    if rng.randrange(100) >= language.double:
        return first
    return f"{first}{language.joint}{rng.choice(language.families)}"


PLACES = _(
    "Alder Aspen Birchwood Bluebonnet Canyon Cedar Chestnut Clearwater Copper Cottonwood Creekside"
    " Dogwood Eagle Fairview Fern Foxglove Garfield Granite Harvest Hawthorn Heron Hickory Highland"
    " Hilltop Juniper Lakeview Larkspur Laurel Liberty Lincoln Linden Magnolia Maplewood Meadow Mesa"
    " Mockingbird Northgate Oakdale Orchard Overlook Pinecrest Pioneer Poplar Prairie Quail Redwood"
    " Ridgeline Riverbend Rosewood Sagebrush Sandstone Spruce Summit Sycamore Timber Valley Vista"
    " Walnut Westbrook Whitetail Willow Windmill"
)
"""What schools are named after."""
