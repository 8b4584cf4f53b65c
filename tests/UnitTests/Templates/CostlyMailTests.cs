using FollowUp.Application.Dispatch;
using FollowUp.Infrastructure.Templates;

namespace FollowUp.UnitTests.Templates;

/// <summary>Mails that are small and keep a parser or a selector engine busy. A test that fails here may also never end.</summary>
public sealed class CostlyMailTests
{
    private const string Attributes = "{% for i in (1..100) %}{{ 'm:#a m:#b' | replace: '#', i }} {% endfor %}";

    [Theory]
    [InlineData("x div div div div div div div div", "<div>")]
    [InlineData("x ~ p ~ p ~ p ~ p ~ p ~ p", "<p></p>")]
    [InlineData("div:has(div:has(div:has(div:has(x))))", "<div>")]
    public void A_selector_costs_no_more_than_a_pass_over_the_page(string selector, string piece) =>
        HtmlToText.Convert($"<style>{selector}{{display:none}}</style>{string.Concat(Enumerable.Repeat(piece, 900))}seen").ShouldBe("seen");

    [Theory]
    [InlineData(".a", "<p class='b a'>x</p>")]
    [InlineData("p.a.b", "<p class='b a'>x</p>")]
    [InlineData("#a , h1", "<p id=a>x</p>")]
    [InlineData("P", "<p>x</p>")]
    [InlineData("td > .a", "<table><tr><td><p class=a>x</p></td></tr></table>")]
    [InlineData(".a b>i", "<p class=a><u><b><i>x</i></b></u></p>")]
    [InlineData(".a * i", "<p class=a><b><i>x</i></b></p>")]
    public void Rules_of_tags_classes_and_ids_hide(string selector, string html) =>
        HtmlToText.Convert($"<style>{selector}{{display:none}}</style>{html}seen").ShouldBe("seen");

    [Theory]
    [InlineData("td > .a", "<table><tr><td><b><i class=a>x</i></b></td></tr></table>")]
    [InlineData(".a.b", "<p class=a>x</p>")]
    [InlineData(".a p", "<p class=a>x</p>")]
    [InlineData("p:hover", "<p>x</p>")]
    [InlineData("> p", "<p>x</p>")]
    [InlineData("p >", "<p>x</p>")]
    [InlineData("html body div p b", "<div><p><b>x</b></p></div>")]
    public void Other_rules_hide_nothing(string selector, string html) =>
        HtmlToText.Convert($"<style>{selector}{{display:none}}</style>{html}").ShouldBe("x");

    [Fact]
    public void A_value_that_is_too_long_to_hide_something_is_not_read() =>
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
    public void A_less_than_sign_in_running_text_is_no_tag() =>
        Models.Render("{% for i in (1..3500) %}1 < 2 2 < 3 {% endfor %}").Text.ShouldStartWith("1 < 2 2 < 3 1 < 2");
}
