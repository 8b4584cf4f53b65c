using FollowUp.Application.Templates;
using FollowUp.Infrastructure.Templates;
using static FollowUp.UnitTests.Templates.Models;

namespace FollowUp.UnitTests.Templates;

public sealed class ImageUpgradeTests
{
    [Theory]
    [InlineData("<IMG SRC = 'HTTP://x.example/a.png' alt=http:x>", "<IMG SRC = 'HTTPs://x.example/a.png' alt=http:x>")]
    [InlineData("<img src=http://x.example/a>", "<img src=https://x.example/a>")]
    [InlineData("<img src=\" http&#58;//x.example/a?b=1&amp;c=http://d\">", "<img src=\" https&#58;//x.example/a?b=1&amp;c=http://d\">")]
    [InlineData(
        "<img srcset=\"http://x/a,b 1x,http://x/c 2x, https://x/d\">",
        "<img srcset=\"https://x/a,b 1x,https://x/c 2x, https://x/d\">"
    )]
    [InlineData("<td background=\"http://x/a\" bgcolor=red>", "<td background=\"https://x/a\" bgcolor=red>")]
    [InlineData(
        "<!--[if mso]><v:rect xmlns:v=\"http://s\" href=\"http://l\"><v:fill src=\"http://x/a\"/></v:rect><style>a{background:url(http://x/b)}</style><![endif]-->",
        "<!--[if mso]><v:rect xmlns:v=\"http://s\" href=\"http://l\"><v:fill src=\"https://x/a\"/></v:rect><style>a{background:url(https://x/b)}</style><![endif]-->"
    )]
    [InlineData(
        "<p style=\"background:url(&quot;http://x/a&quot;);color:red\">",
        "<p style=\"background:url(&quot;https://x/a&quot;);color:red\">"
    )]
    [InlineData(
        "<style>@media (x){a[href='http://l']{background:URL( 'http://x/a' ) ,url(http://x/b);content:\"url(http://t)\"}}/* url(http://c) */</style>",
        "<style>@media (x){a[href='http://l']{background:URL( 'https://x/a' ) ,url(https://x/b);content:\"url(http://t)\"}}/* url(http://c) */</style>"
    )]
    public void Only_images_are_upgraded_to_https(string html, string upgraded) => ImageUpgrade.Of(html).ShouldBe(upgraded);

    [Theory]
    [InlineData("<a href=\"http://x/a.png\">http://x/a.png</a><img src=\"https://x/a\"><img src=\"cid:http:\"><img src=\"/a?http:\">")]
    [InlineData("<style>@import url(http://x/a.css);@font-face{src:url(http://x/f.woff)}</style>")]
    [InlineData("<!-- <img src=\"http://x/a\"> --><p title=\"<img src='http://x/a'>\">src=\"http://x/a\"</p><img src=\"http")]
    [InlineData("<style>a{background:url(")]
    [InlineData("<img srcset=\",\"><img srcset=\"\"><img src><img src=\"\"><p style=\"url(\">")]
    public void Addresses_other_than_http_images_are_unchanged(string html) => ImageUpgrade.Of(html).ShouldBe(html);

    [Theory]
    [InlineData("<img src=\"{{ variables.a }}\">", "<img src=\"https://x/a?b=1&amp;c\">")]
    [InlineData("<img src=\"http://{{ variables.b }}/a\">", "<img src=\"https://x.example/a\">")]
    [InlineData(
        "<a href=\"{{ variables.a }}\"><img src=\"{{ variables.a }}\"></a>",
        "<a href=\"http://x/a?b=1&amp;c\"><img src=\"https://x/a?b=1&amp;c\"></a>"
    )]
    [InlineData("<img srcset=\"{{ variables.c }}\">{{ variables.b }}", "<img srcset=\"https://x/a 1x, https://x/b 2x\">x.example")]
    [InlineData(
        "<p style=\"background:url({{ variables.a }})\">{{ variables.b }}",
        "<p style=\"background:url(https://x/a?b=1&amp;c)\">x.example"
    )]
    [InlineData(
        "<img src=\"http://x/a\"><p>{{ variables.b }} &amp; {{ variables.b }}",
        "<img src=\"https://x/a\"><p>x.example &amp; x.example"
    )]
    public void Values_in_image_addresses_are_upgraded_with_and_without_the_cache(string template, string upgraded)
    {
        const string variables = """{ "a": "http://x/a?b=1&c", "b": "x.example", "c": "http://x/a 1x, http://x/b 2x" }""";
        var plain = Html(template, variables);

        var first = Renderer.RenderEmail("s", template, Of(variables) with { UpgradesImages = true }).Value;
        var second = Renderer.RenderEmail("s", template, Of(variables) with { UpgradesImages = true }).Value;

        (first.Html, second.Html).ShouldBe((upgraded, upgraded));
        first.Text.ShouldBe(Render(template, variables).Text);
        Html(template, variables).ShouldBe(plain);
        plain.ShouldNotContain("https");
    }

    [Fact]
    public void Upgraded_images_cause_no_http_warnings()
    {
        const string body = "<img src=\"http://x/a\"><p style=\"background:url(http://x/a)\">a</p><a href=\"{{ unsubscribeUrl }}\">b</a>";

        Renderer.Warnings(body, TemplateKind.Body).Select(warning => warning.Code).ShouldBe(["contentRemoved", "httpImages"]);
        Renderer.Warnings(body, TemplateKind.Body, upgradesImages: true).ShouldBeEmpty();
    }
}
