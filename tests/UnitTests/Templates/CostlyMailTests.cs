using FollowUp.Application.Templates;
using FollowUp.Infrastructure.Templates;

namespace FollowUp.UnitTests.Templates;

/// <summary>Small mails that are expensive for a parser or a selector engine. A regression here may hang the test.</summary>
public sealed class CostlyMailTests
{
    private const string Attributes = "{% for i in (1..100) %}{{ 'm:#a m:#b' | replace: '#', i }} {% endfor %}";

    [Theory]
    [InlineData("x div div div div div div div div", "<div>")]
    [InlineData("x ~ p ~ p ~ p ~ p ~ p ~ p", "<p></p>")]
    [InlineData("div:has(div:has(div:has(div:has(x))))", "<div>")]
    public void The_cost_of_a_selector_is_one_pass_over_the_page(string selector, string piece) =>
        HtmlToText.Convert($"<style>{selector}{{display:none}}</style>{string.Concat(Enumerable.Repeat(piece, 900))}seen").ShouldBe("seen");

    [Theory]
    [InlineData(".a", "<p class='b a'>x</p>")]
    [InlineData("p.a.b", "<p class='b a'>x</p>")]
    [InlineData("#a , h1", "<p id=a>x</p>")]
    [InlineData("P", "<p>x</p>")]
    [InlineData("td > .a", "<table><tr><td><p class=a>x</p></td></tr></table>")]
    [InlineData(".a b>i", "<p class=a><u><b><i>x</i></b></u></p>")]
    [InlineData(".a * i", "<p class=a><b><i>x</i></b></p>")]
    public void Rules_with_tags_classes_and_ids_hide_elements(string selector, string html) =>
        HtmlToText.Convert($"<style>{selector}{{display:none}}</style>{html}seen").ShouldBe("seen");

    [Theory]
    [InlineData("td > .a", "<table><tr><td><b><i class=a>x</i></b></td></tr></table>")]
    [InlineData(".a.b", "<p class=a>x</p>")]
    [InlineData(".a p", "<p class=a>x</p>")]
    [InlineData("p:hover", "<p>x</p>")]
    [InlineData("> p", "<p>x</p>")]
    [InlineData("p >", "<p>x</p>")]
    [InlineData("html body div p b", "<div><p><b>x</b></p></div>")]
    public void Other_rules_do_not_hide_elements(string selector, string html) =>
        HtmlToText.Convert($"<style>{selector}{{display:none}}</style>{html}").ShouldBe("x");

    [Fact]
    public void A_declaration_value_of_excessive_length_is_ignored() =>
        HtmlToText.Convert($"<p style='opacity:{new string('1', 400_000)}~;text-indent:0'>x</p>").ShouldBe("x");

    [Theory]
    [InlineData("<p " + Attributes + ">x</p>")]
    [InlineData("<!--[if mso]><p " + Attributes + "></p><![endif]-->")]
    public void A_tag_with_too_many_attributes_is_refused(string template) =>
        Models.Failure(template).ShouldEndWith("it has a tag with more than 100 attributes.");

    [Fact]
    public void A_mail_with_too_many_attributes_is_refused() =>
        Models
            .Failure($"{{% for i in (1..300) %}}<p {string.Concat(Enumerable.Range(1, 70).Select(i => $"m:{i} "))}>{{% endfor %}}")
            .ShouldEndWith("it has more than 20,000 attributes.");

    [Fact]
    public void A_text_with_a_tag_of_too_many_attributes_cannot_be_saved() =>
        Models
            .Renderer.Check("<p " + Attributes + ">x</p>", TemplateKind.Body)
            .ShouldNotBeNull()
            .Message.ShouldContain("it has a tag with more than 100 attributes");

    [Theory]
    [InlineData("<!-->")]
    [InlineData("</p>")]
    [InlineData("<!doctype>")]
    public void A_mail_with_too_many_comments_and_end_tags_is_refused(string piece) =>
        Models
            .Failure($"{{% for i in (1..3001) %}}{piece}{piece}{{% endfor %}}x")
            .ShouldEndWith("it has more than 6,000 tags and comments.");

    [Fact]
    public void A_less_than_sign_in_text_is_not_a_tag() =>
        Models.Render("{% for i in (1..3500) %}1 < 2 2 < 3 {% endfor %}").Text.ShouldStartWith("1 < 2 2 < 3 1 < 2");

    /// <summary>Formatting that is never closed, with attributes that make each element another one, and what repeats it: 64 KiB in all.</summary>
    public static TheoryData<string> RepeatedFormatting =>
        [
            RepeatedByParagraphs,
            Filled($"{Many("<div>", 600)}<p>{Open}</p>x{Many("</div>x", 600)}"),
            Filled($"<!--[if mso]><p>{Open}{Many("<p>x", 1_000)}<![endif]-->"),
        ];

    private static string RepeatedByParagraphs => Filled($"<p>{Open}{Many("<p>x", 1_000)}");

    private static string Open => string.Concat(Enumerable.Range(0, 600).Select(i => $"<b m:{i} m:a m:b m:c>"));

    [Theory]
    [MemberData(nameof(RepeatedFormatting))]
    public void Unclosed_formatting_elements_are_reconstructed_a_bounded_number_of_times(string html)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        Models.Failure(html).ShouldEndWith("because formatting that is never closed is repeated in each paragraph.");
        Models
            .Renderer.Warnings(html, TemplateKind.Body)
            .ShouldHaveSingleItem()
            .ShouldBe(
                new(
                    "repeatedFormatting",
                    "Steps with this body fail: it has more than 8,000 elements, because formatting that is never closed is repeated in each paragraph."
                )
            );

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(200 * 1024 * 1024);
    }

    [Fact]
    public void Parsing_stops_soon_after_a_page_exceeds_the_limit()
    {
        var parser = new PageParser(default);

        Should.Throw<RenderLimitException>(() => parser.Parse(RepeatedByParagraphs));

        parser.Elements.ShouldBeInRange(PageParser.MostElements, PageParser.MostElements + (16 * 601));
    }

    [Fact]
    public void Copies_of_attributes_are_bounded()
    {
        var attributes = string.Concat(Enumerable.Range(0, 99).Select(i => $"m:{i} "));
        var open = string.Concat(Enumerable.Range(0, 100).Select(i => $"<b {attributes} data-{i}>"));

        Models.Failure($"<p>{open}{Many("<p>x", 50)}").ShouldContain("it has more than 80,000 attributes");
    }

    [Fact]
    public void Conditional_comments_share_one_limit()
    {
        var one = $"<p>{string.Concat(Enumerable.Range(0, 60).Select(i => $"<b m:{i}>"))}{Many("<p>x", 60)}";

        Models.Render($"<!--[if mso]>{one}<![endif]-->Hi").Html.ShouldContain("[if mso]");
        Models
            .Failure(string.Concat(Enumerable.Range(0, 4).Select(i => $"<!--[if mso]>{one}{i}<![endif]-->")))
            .ShouldContain("8,000 elements");
    }

    [Fact]
    public void Unclosed_font_elements_in_cells_are_allowed() =>
        Models
            .Render($"<table><tr>{Many("<td><font color=red><b>x", 400)}</table>")
            .Html.ShouldStartWith("<table><tr><td><font color=red><b>x<td>");

    private static string Many(string piece, int times) => string.Concat(Enumerable.Repeat(piece, times));

    private static string Filled(string html) => html + new string('x', (64 * 1024) - html.Length);
}
