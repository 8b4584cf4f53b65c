using FollowUp.Application.Templates;
using static FollowUp.UnitTests.Templates.Models;

namespace FollowUp.UnitTests.Templates;

/// <summary>A value means the same whether it comes from JSON or, as a text, from a CSV; what has two meanings is an error.</summary>
public sealed class ValueMeaningTests
{
    [Theory]
    [InlineData("> 1000", "\"900\"", false)]
    [InlineData("> 50", "\"9\"", false)]
    [InlineData("> 50", "\"100\"", true)]
    [InlineData(">= 100", "\"100.0\"", true)]
    [InlineData("< 100", "\" 99.5 \"", true)]
    [InlineData("<= 99", "\"-1e3\"", true)]
    [InlineData("== 5", "\"5\"", true)]
    [InlineData("== 5", "\"5.0\"", true)]
    [InlineData("!= 5", "\"5\"", false)]
    [InlineData("> '1000'", "900", false)]
    [InlineData("> '1000'", "\"900\"", false)]
    [InlineData("> '2026-12-31'", "\"2027-01-01T09:30:00+02:00\"", true)]
    [InlineData("> '2026-12-31'", "\"01.02.2027\"", true)]
    [InlineData("> 'Miller'", "\"Smith\"", true)]
    [InlineData("== true", "\"TRUE\"", true)]
    [InlineData("== 'true'", "true", true)]
    [InlineData("== true", "\"false\"", false)]
    [InlineData("== 'gold'", "\"gold\"", true)]
    [InlineData("> 5", "null", false)]
    [InlineData("> 5", "\"\"", false)]
    [InlineData("== 0", "\" \"", false)]
    [InlineData("== blank", "\" \"", true)]
    [InlineData("== empty", "\"\"", true)]
    [InlineData("== nil", "null", true)]
    public void A_numeric_text_is_compared_as_a_number(string comparison, string value, bool holds) =>
        Sms($$"""{% if variables.v {{comparison}} %}yes{% else %}no{% endif %}""", $$"""{"v": {{value}}}""").ShouldBe(holds ? "yes" : "no");

    [Theory]
    [InlineData("> 1000", "\"abc\"", "'abc' is compared with the number 1000, but is not a number (line 2, column 19).")]
    [InlineData("== 1000", "\"abc\"", "'abc' is compared with the number 1000, but is not a number (line 2, column 19).")]
    [InlineData(
        "< 13",
        "\"12,5\"",
        "'12,5' is compared with the number 13, but is not a number: write it with a decimal point and without thousands separators (line 2, column 19)."
    )]
    [InlineData(
        "< 13",
        "\"1.250\"",
        "'1.250' is compared with the number 13, but has two meanings: write 1250 or 1.2500 (line 2, column 19)."
    )]
    [InlineData("> '10,5'", "\"9,5\"", "'9,5' and '10,5' cannot be compared: they are not both numbers or both dates (line 2, column 19).")]
    [InlineData("> 3", "[1, 2]", "a list is compared with the number 3, but is not a number (line 2, column 19).")]
    [InlineData("> 3", "true", "true is compared with the number 3, but is not a number (line 2, column 19).")]
    [InlineData("== true", "\"yes\"", "'yes' is compared with true, but is neither true nor false (line 2, column 19).")]
    public void An_impossible_comparison_is_an_error_with_its_position(string comparison, string value, string error) =>
        Failure($"<br>\n{{% if variables.v {comparison} %}}yes{{% else %}}no{{% endif %}}", $$"""{"v": {{value}}}""")
            .ShouldBe($"The body cannot be rendered: {error}");

    [Theory]
    [InlineData("\"2\"", "two")]
    [InlineData("2", "two")]
    [InlineData("\"gold\"", "best")]
    [InlineData("\"TRUE\"", "yes")]
    [InlineData("\"other\"", "else")]
    public void A_case_compares_as_an_if_does(string value, string text) =>
        Sms(
                "{% case variables.v %}{% when 2 %}two{% when 'gold' %}best{% when true %}yes{% else %}else{% endcase %}",
                $$"""{"v": {{value}}}"""
            )
            .ShouldBe(text);

    [Fact]
    public void A_case_does_not_take_the_else_branch_for_an_unreadable_number() =>
        Failure("{% case variables.v %}{% when 2 %}two{% else %}many{% endcase %}", """{"v": "2,0"}""").ShouldContain("'2,0'");

    [Theory]
    [InlineData("times: 2", "'12,5'", 12)]
    [InlineData("plus: 1", "'12,5'", 12)]
    [InlineData("minus: 1", "'1250,00'", 12)]
    [InlineData("divided_by: 2", "'x'", 12)]
    [InlineData("modulo: 2", "'1,5'", 12)]
    [InlineData("round", "'1,5'", 12)]
    [InlineData("ceil", "'1,5'", 12)]
    [InlineData("floor", "'1.250'", 12)]
    [InlineData("abs", "'-1,5'", 12)]
    [InlineData("at_least: 3", "'1,5'", 12)]
    [InlineData("at_most: 3", "'1,5'", 12)]
    [InlineData("money: 'EUR'", "'1.250'", 12)]
    [InlineData("money: 'EUR'", "'1,250.00'", 12)]
    [InlineData("number: 2", "'12,5'", 12)]
    public void A_calculation_rejects_values_that_are_not_one_number(string filter, string value, int shortest)
    {
        var error = Failure($"{{{{ {value} | {filter} }}}}");

        error.ShouldContain(value);
        error.ShouldEndWith($"(line 1, column {value.Length + 7}).");
        error.Length.ShouldBeGreaterThan(shortest);
    }

    [Theory]
    [InlineData("{{ variables.t | times: 2 }}", "25.0")]
    [InlineData("{{ 10 | minus: variables.t }}", "-2.5")]
    [InlineData("{{ variables.t | round }}", "12")]
    [InlineData("{{ variables.t | at_least: 20 }}", "20")]
    [InlineData("{{ variables.items | sum: 'price' }}", "3.75")]
    [InlineData("{{ variables.long | truncate: variables.n, '…' }}", "abcd…")]
    [InlineData("{% for i in (1..variables.n) limit: variables.two %}{{ i }}{% endfor %}", "12")]
    [InlineData(
        "{% for i in variables.list limit: 2 %}{{ i }}{% endfor %}{% for i in variables.list offset: continue %}-{{ i }}{% endfor %}",
        "12-3"
    )]
    [InlineData("{% assign x = variables.none | plus: 1 %}{{ x }}", "1")]
    public void A_numeric_text_can_be_used_in_calculations(string template, string text) =>
        Sms(
                template,
                """{"t": "12.5", "n": "5", "two": "2", "long": "abcdefgh", "list": [1, 2, 3], "items": [{"price": "1.25"}, {"price": 2.5}]}"""
            )
            .ShouldBe(text);

    [Theory]
    [InlineData("{% for i in (1..variables.v) %}{{ i }}{% endfor %}")]
    [InlineData("{% for i in variables.list limit: variables.v %}{{ i }}{% endfor %}")]
    [InlineData("{{ variables.long | truncate: variables.v }}")]
    [InlineData("{{ variables.list | sum }}{{ variables.words | sum }}")]
    public void A_count_that_is_not_a_number_is_an_error(string template) =>
        Failure(template, """{"v": "1,5", "long": "abcdefgh", "list": [1, 2, 3], "words": ["1,5"]}""").ShouldContain("'1,5'");

    [Theory]
    [InlineData("{% if variables.v > 3 %}a{% endif %}{{ variables.v | times: 2 }}")]
    [InlineData("{% case variables.v %}{% when 3 %}a{% endcase %}{{ variables.v | date: 'long' }}")]
    [InlineData("{% if recipient.email > 3 %}a{% endif %}")]
    [InlineData("{% for i in (1..variables.v) limit: variables.w %}{{ i }}{% endfor %}")]
    public void Saving_a_template_needs_no_values(string template) => Renderer.Check(template, TemplateKind.Body).ShouldBeNull();

    [Theory]
    [InlineData("{{ '12,5' | times: 2 }}", "'12,5'")]
    [InlineData("{{ '01/02/2027' | date: 'long' }}", "'01/02/2027'")]
    public void Saving_a_template_finds_errors_in_its_literals(string template, string words) =>
        Renderer.Check(template, TemplateKind.Body)!.Message.ShouldContain(words);

    [Theory]
    [InlineData(
        "a\n{% raw %}{{ x | y }} < {% endraw %}{% comment %}{% if a == b %}{% endcomment %}{{ 'a | b' | append: '>' }}\n {{ 'x' | times: 2 }}",
        "line 3, column 11"
    )]
    [InlineData("{% if true %}{{ 'x' | abs }}{% elsif 1 == 2 %}{{ 1 | abs }}{% else %}{{ 2 | abs }}{% endif %}", "line 1, column 23")]
    [InlineData("{% if 1 > 2 %}{{ 1 | abs }}{% elsif 'x' > 1 %}{% else %}{{ 2 | abs }}{% endif %}", "line 1, column 41")]
    [InlineData("{% unless 1 > 2 %}{{ 'x' | abs }}{% else %}{{ 2 | abs }}{% endunless %}", "line 1, column 28")]
    [InlineData("{{ 1 | plus: 2 | minus: 'x' | abs }}", "line 1, column 18")]
    public void The_position_of_an_error_is_that_of_the_operator(string template, string place) =>
        Failure(template).ShouldEndWith($"({place}).");
}
