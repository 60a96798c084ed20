"""Common proper names, which are no misheard terms: given names, and the names of places, peoples and days.

From general knowledge: what English-speaking people are most often called, and what every map shows.
"""

from __future__ import annotations

from parleqd.core.text.lexicon import words
from parleqd.core.text.proper_nouns import NAMES

GIVEN_NAMES = words(
    "aaron abby abigail adam adrian adriana agnes aidan aisha alan albert alec alejandro alex alexa alexander "
    "alexandra alexis alfred alice alicia alina alison allan allen amanda amber amelia amy ana andre andrea andreas "
    "andrew andy angel angela angelina angus anita ann anna anne annette annie anthony antonio anya archie ariana "
    "arnold arthur ashley astrid audrey austin ava barbara barry beatrice becky ben benjamin bernard beth betty "
    "beverly bianca bill billy bob bobby bonnie boris brad bradley brandon brenda brian bridget brooke bruce bryan "
    "caitlin caleb calvin cameron camila carl carla carlos carmen carol carolina caroline carolyn carrie catherine "
    "cathy cecilia charles charlie charlotte chelsea cheryl chloe chris christian christina christine christopher "
    "cindy claire clara claude claudia cliff clive cody colin connie connor courtney craig cristina curtis cynthia "
    "daisy dan dana daniel danielle danny darren dave david dawn dean debbie deborah debra denise dennis derek diana "
    "diane diego dominic don donald donna doris dorothy doug douglas duncan dylan eddie edgar edith edward edwin "
    "eileen elaine eleanor elena eli elias elijah elizabeth ella ellen ellie elliot elsa elsie emily emma enrique eric "
    "erica erik erin ernest esther ethan eugene eva evan evelyn faith felix fernando fiona florence frances francesca "
    "francis francisco frank franz fred freddie frederick gabriel gareth gary gavin gemma geoff geoffrey george "
    "georgia georgina gerald gerard gillian gina gloria gordon grace graham grant greg gregory greta guy gwen hannah "
    "hans harold harriet harry harvey hazel heather hector heidi helen helena helga henry herbert hilary holly howard "
    "hugh hugo ian igor ingrid irene iris isaac isabel isabella isabelle isla ivan ivy jack jackie jackson jacob "
    "jacqueline jake james jamie jan jane janet janice jared jasmine jason javier jay jean jeff jeffrey jenna jennifer "
    "jenny jeremy jerome jerry jess jesse jessica jill jim jimmy jo joan joanna joanne joe joel johan john johnny jon "
    "jonas jonathan jordan jorge jose josef joseph josephine josh joshua joyce juan juanita judith judy julia julian "
    "juliana julie juliet jurgen justin karen karl kate katherine kathleen kathryn kathy katie katrina kay keith kelly "
    "ken kenneth kevin kim kimberly kirsten klaus kristen kristina kurt kyle lance lara larry laura lauren laurence "
    "leah lee lena leo leon leonard leslie lewis liam lily linda lisa liz lloyd logan lois lola loren lorna lorraine "
    "louis louisa louise lucas lucia lucy luigi luis luke lydia lynn mabel madeline madison maggie malcolm marc marcel "
    "marco marcus margaret maria marian marianne marie marilyn marina mario marion marjorie mark marta martha martin "
    "martina marvin mary mason mateo matilda matt matthew maureen maurice max maxine maya megan melanie melissa mia "
    "michael michelle miguel mike mila miles milo miranda miriam mitchell mohamed mohammed moira molly monica morgan "
    "muhammad muriel nadia nancy naomi natalia natalie natasha nathan nathaniel neil nelson nicholas nick nicola "
    "nicolas nicole nigel nina noah noel nora norma norman oliver olivia omar oscar otto owen pablo pam pamela "
    "patricia patrick paul paula pauline pedro peggy penelope penny pete peter phil philip philippa phillip phoebe "
    "pierre polly priya quentin rachel ralph ramon randy raul ray raymond rebecca reggie regina reuben rhys ricardo "
    "richard rick rita rob robert roberta roberto robin rod rodney roger roland ron ronald rosa rosalind rose rosemary "
    "rosie ross roy ruben ruby rupert russell ruth ryan sabrina sally sam samantha samuel sandra sandy sara sarah "
    "saskia scott sean sebastian sergio seth shane shannon sharon shaun shawn sheila shirley sid sidney silvia simon "
    "simone sofia sonia sophia sophie spencer stacey stan stanley stella stephanie stephen steve steven stewart stuart "
    "sue susan susanna suzanne sven sylvia tamara tanya tara ted teresa terry tessa theo theodore theresa thomas "
    "tiffany tim timothy tina toby todd tom tommy tony tracey tracy trevor tristan tyler ulrich ursula valentina "
    "valerie vanessa vera vernon veronica vicky victor victoria vincent viola violet virginia vivian wade wallace "
    "walter wanda warren wayne wendy wesley wilfred will william winston xavier yolanda yusuf yvonne zach zachary zara "
    "zoe"
)
"""In small letters, as all keys are."""

FURTHER_NAMES = words(
    "chile china cuba cyprus estonia ghana jamaica jordan latvia lebanon libya lithuania luxembourg malta moroccan "
    "nepal polish syria tunisia turkey wales alabama arkansas connecticut delaware idaho illinois indiana iowa kansas "
    "kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada "
    "hampshire jersey york carolina dakota ohio oklahoma pennsylvania rhode tennessee utah vermont virginia washington "
    "wisconsin wyoming baltimore birmingham bombay bristol cambridge cleveland glasgow jerusalem leeds liverpool "
    "newcastle oxford phoenix portland sheffield atlantic pacific mediterranean arctic antarctic march may"
)
"""Places, peoples, months and feasts that are another word too, or less often named than those of `proper_nouns`."""

PROPER_NAMES = GIVEN_NAMES | NAMES | FURTHER_NAMES
