using FollowUp.Infrastructure.Templates;

namespace FollowUp.UnitTests.Templates;

/// <summary>Threats that a browser executes although a simple reading of the source does not show them.</summary>
public sealed class HiddenHarmTests
{
    [Theory]
    [InlineData("a{content:\"/*\";position:/**/fixed;inset:0}")]
    [InlineData("a{content:\"/*\";z-index:/**/9999}")]
    [InlineData("a{content:'/*';background:/**/url(http://evil.example/x)}")]
    [InlineData("a{content:\"\\\"/*\";position:/**/fixed}")]
    [InlineData("a{background:url(/*);position:/**/fixed}")]
    [InlineData("a{background:u\\72 l(/*);position:/**/fixed}")]
    [InlineData("a{background:u\\72l(/*);z-index:/*)*/9999}")]
    [InlineData("a{b:\\/*;position:/**/fixed}")]
    [InlineData("@import \"https://fonts.googleapis.com\t.evil.example/x.css\";")]
    [InlineData("@import \"https://fonts.googleapis.com\\9.evil.example/x.css\";")]
    [InlineData("@import \"https://fonts.googleapis.com\n.evil.example/x.css\";")]
    [InlineData("@import \"https://fonts.googleapis.com)@evil.example/x.css\";")]
    [InlineData("@import \"https://fonts.googleapis.com;@evil.example/x.css\";")]
    [InlineData("@import 'https://fonts.googleapis.com\"@evil.example/x.css';")]
    [InlineData("@import url(\"https://fonts.googleapis.com'@evil.example/x.css\");")]
    [InlineData("@import url(https://fonts.googleapis.com\t.evil.example/x.css);")]
    [InlineData("@import \"https://fonts.googleapis.com\\\\@evil.example/x.css\";")]
    [InlineData("@import \"https://fonts.googleapis.com \u00a0@evil.example/x.css\";")]
    [InlineData("a{background:image-set(\"\\1 http://evil.example/p.png\" 1x)}")]
    [InlineData("a{background:image-set(\"ht\\a tp://evil.example/p.png\" 1x)}")]
    [InlineData("a{background:image-set(\"ht\\a tp:evil.example/p.png\" 1x)}")]
    [InlineData("a{background:image-set(\"/\\9/evil.example/p\" 1x)}")]
    [InlineData("a{background:image-set(\"/\t/evil.example/p\" 1x)}")]
    [InlineData("a{background:url(\"\\1 http://evil.example/p.png\")}")]
    public void CSS_with_an_obfuscated_threat_is_removed(string css)
    {
        var sheet = MailSanitizer.Clean($"<style>{css}b{{color:red}}</style>x");
        sheet.Html.ShouldNotContain("fixed");
        sheet.Html.ShouldNotContain("9999");
        sheet.Html.ShouldNotContain("evil");
        sheet.Removed.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("@import url(https://fonts.googleapis.com/css2?family=Inter:wght@400;700&display=swap);")]
    [InlineData("@import 'https://fonts.googleapis.com/css2?family=Inter:wght@400;700&display=swap' screen;")]
    [InlineData("@import url( \"https://fonts.googleapis.com/css?family=Open Sans|Lato\" );")]
    [InlineData("/* don't */a{position:/* why */relative;content:\"\\22\"}/* \"x */b{c:d}")]
    [InlineData("a{width:1px\\9;content:\"it's\"}/* it's */\nb{background:url(https://a.example/x.png)}")]
    [InlineData("a{background:image-set(\n\"https://a.example/p.png\" 1x,\n\t\"https://a.example/q.png\" 2x)}")]
    public void Harmless_CSS_stays(string css) => MailSanitizer.Clean($"<style>{css}</style>x").Html.ShouldBe($"<style>{css}</style>x");

    [Theory]
    [InlineData("<a href=\"java&#115;cri{{ variables.v }}\">x</a>", "pt:alert(1)", "<a>x</a>")]
    [InlineData("<a href=\"java&NewLine;scri{{ variables.v }}\">x</a>", "pt:alert(1)", "<a>x</a>")]
    [InlineData("<a href=\"&#1;{{ variables.v }}\">x</a>", "javascript:alert(1)", "<a>x</a>")]
    [InlineData("<img src=\"&#47;{{ variables.v }}\">", "/a.example/b.png", "<img>")]
    [InlineData("<img src=\"/&#9;{{ variables.v }}\">", "/a.example/b.png", "<img>")]
    [InlineData("<img src=\"/\t{{ variables.v }}\">", "/a.example/b.png", "<img>")]
    [InlineData("<img src=\"&#100;ata:{{ variables.v }}\">", "text/html,x", "<img>")]
    [InlineData("<img src=\"da\tta:{{ variables.v }}\">", "text/html,x", "<img>")]
    public void A_value_cannot_complete_an_address_obfuscated_by_character_references(string template, string value, string html)
    {
        Models.Html(template, """{"v":"harmless"}""");

        Models.Html(template, System.Text.Json.JsonSerializer.Serialize(new { v = value })).ShouldBe(html);
    }

    [Theory]
    [InlineData("<p>&#xE001; {{ variables.v }}</p>", "\uE001 Ben")]
    [InlineData("<p>&#57344; {{ variables.v }}</p>", "\uE000 Ben")]
    [InlineData("<p>&#xE0<script></script>00; {{ variables.v }}</p>", "\uE000 Ben")]
    public void A_character_of_an_icon_font_is_not_a_placeholder(string template, string text) =>
        Models.Render(template, """{"v":"Ben"}""").Text.ShouldBe(text);

    [Fact]
    public void A_rewritten_mail_keeps_its_icon_and_its_value()
    {
        var mail = Models.Render("<table><p><a href='&#xE000;'>&#xE001;</a>{{ variables.v }}<b", """{"v":"Ben"}""");

        mail.Html.ShouldContain("Ben");
        mail.Text.ShouldContain("\uE001");
    }
}
