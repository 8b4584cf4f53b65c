using FollowUp.Application.Templates;
using static FollowUp.UnitTests.Templates.Models;

namespace FollowUp.UnitTests.Templates;

public sealed class TemplateWarningsTests
{
    private const string Link = "<p>Hi</p><a href=\"{{ unsubscribeUrl }}\">No more mails</a>";

    [Theory]
    [InlineData(Link)]
    [InlineData("<p>Hi {{ recipient.firstName | default: \"you\" }}, 100% free {% if offer.x %}{<b>x</b>}{% endif %}</p>" + Link)]
    [InlineData("<a href=\"https://x.example/%7Bid%7D?q=%E2%80%9Cx%E2%80%9D&u={{ offer.id }}\">a</a>" + Link)]
    [InlineData("<style>.a{width:100%}@media (max-width:9px){.b{color:red}}</style><img src=\"{{ offer.image }}\">" + Link)]
    [InlineData("<p style=\"color:{{ variables.color }};background:url('{{ variables.image }}')\">50% off, 20% more</p>" + Link)]
    [InlineData(
        "<p>{% if variables.vip or offer.x == empty %}{% assign y = 1 %}{{ y | default: 2 }}{% endif %}{% if recipient.name.size > 3 %}{{ sequence.name }}{% endif %}</p>"
            + Link
    )]
    [InlineData("<p>{% for item in offer.items %}{% if forloop.first %}{{ item.name | default: 'x' }}{% endif %}{% endfor %}</p>" + Link)]
    [InlineData("<p>C# and F#, $5 and $6, a << 2 and b >> 3, #1_a</p>" + Link)]
    [InlineData("Visit {{ unsubscribeUrl }} to unsubscribe")]
    [InlineData("<!--[if mso]><td><![endif]--><!-- note -->" + Link)]
    [InlineData("<!--*|IF:MC_PREVIEW_TEXT|*--><!--[if !gte mso 9]><!----><p>x</p><!--<![endif]--><!--*|END:IF|*-->" + Link)]
    [InlineData(
        "<!--[if !mso]><style>v\\:* {behavior:url(#default#VML);}</style><![endif]--><style>.shape {behavior: url('#default#VML')}</style>"
            + Link
    )]
    [InlineData(
        "<!--[if gte mso 9]><xml><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"1\" /></o:shapelayout></xml><![endif]-->"
            + Link
    )]
    public void A_correct_mail_has_no_warnings(string body) => Codes(body).ShouldBeEmpty();

    [Theory]
    [InlineData("<a href=\"https://x.example/?q=%7B%7B%20offer.id%20%7D%7D\">a</a>" + Link, "encodedBraces")]
    [InlineData("<p>Hi {<b>{ recipient.name }</b>}</p>" + Link, "splitBraces")]
    [InlineData("<p>Hi {\u200b{ recipient.name }\u200b}</p>" + Link, "splitBraces")]
    [InlineData("<p>Hi &#123;&#123; recipient.name &#125;&#125;</p>" + Link, "braceEntities")]
    [InlineData("<p>Hi &lcub;&lbrace; recipient.name }}</p>" + Link, "braceEntities")]
    [InlineData("<a href=\"http://{{ unsubscribeUrl }}\">No more mails</a>", "doubledScheme")]
    [InlineData("<a href=\"https://{{ offer.page_url }}\">a</a>" + Link, "doubledScheme")]
    [InlineData("<p>Dear *|FNAME|*</p>" + Link, "foreignMergeTag")]
    [InlineData("<!--[if mso]><p>Dear *|FNAME|*</p><![endif]-->" + Link, "foreignMergeTag")]
    [InlineData("<style>.a{behavior:url(#default#time2)}</style>" + Link, "styleSheetCut")]
    [InlineData("<p>Dear %first_name%</p>" + Link, "foreignMergeTag")]
    [InlineData("<p>Dear %%FirstName%%</p>" + Link, "foreignMergeTag")]
    [InlineData("<p>Dear [[name]]</p>" + Link, "foreignMergeTag")]
    [InlineData("<p>Dear {first_name}, ${name}</p>" + Link, "foreignMergeTag")]
    [InlineData("<p>Dear [First Name]</p>" + Link, "foreignMergeTag")]
    [InlineData("<p>Dear {!Contact.FirstName}</p>" + Link, "foreignMergeTag")]
    [InlineData("<p>Dear ${Contacts.First Name}</p>" + Link, "foreignMergeTag")]
    [InlineData("<p>Dear #FIRST_NAME#</p>" + Link, "foreignMergeTag")]
    [InlineData("<p>Dear $first_name$</p>" + Link, "foreignMergeTag")]
    [InlineData("<p>Dear &lt;&lt;First Name&gt;&gt;</p>" + Link, "foreignMergeTag")]
    [InlineData("<p>Dear {{ first_name | default: 'you' }}</p>" + Link, "unknownVariable")]
    [InlineData("<p>{% if contact.vip %}Dear{% endif %} {{ recipient.first_name | default: 'you' }}</p>" + Link, "unknownVariable")]
    [InlineData("<p>{% for line in event.lines %}{{ line.name }}{% endfor %}</p>" + Link, "unknownVariable")]
    [InlineData("<p>Hi</p>", "noUnsubscribeLink")]
    [InlineData("<p>Hi</p><a style='display:none' href='{{ unsubscribeUrl }}'>x</a>", "noUnsubscribeLink")]
    [InlineData("<p>Hi</p><!-- {{ unsubscribeUrl }} -->", "noUnsubscribeLink")]
    [InlineData("<style>.a{position:fixed}.b{color:red}</style>" + Link, "styleSheetCut")]
    [InlineData("<!--[if mso]>never closed-->" + Link, "conditionalCommentRemoved")]
    [InlineData("<script>x</script>" + Link, "contentRemoved")]
    [InlineData("<img src=\"http://x.example/a.png\">" + Link, "httpImages")]
    [InlineData("Hi,\n\nbye\n{{ unsubscribeUrl }}", "plainTextBody")]
    public void Probable_mistakes_cause_a_warning(string body, string code) => Codes(body).ShouldBe([code]);

    [Fact]
    public void A_mail_that_Gmail_truncates_has_a_warning() =>
        Codes($"<p>{new string('x', 103 * 1024)}</p>{Link}").ShouldBe(["htmlOver102kB"]);

    [Fact]
    public void Subjects_and_text_messages_have_warnings_too()
    {
        Renderer.Warnings("Dear *|FNAME|*", TemplateKind.Subject).ShouldHaveSingleItem().Code.ShouldBe("foreignMergeTag");
        Renderer.Warnings("Dear [[name]]", TemplateKind.Message).ShouldHaveSingleItem().Code.ShouldBe("foreignMergeTag");
    }

    [Fact]
    public void A_warning_contains_the_problem_and_its_position() =>
        Renderer
            .Warnings($"<style>\n.a{{position:fixed}}</style>{Link}", TemplateKind.Body)
            .ShouldHaveSingleItem()
            .Message.ShouldBe("The style sheet loses 'position:fixed' (line 2, <style>: .a): it can cover the mail program's own page.");

    [Theory]
    [InlineData(
        "{{ first_name | default: 'you' }}",
        "'first_name' never has a value: templates read offer, recipient, sender, sequence, step, unsubscribeUrl, variables. Was variables.first_name meant?"
    )]
    [InlineData(
        "{{ recipient.Name | default: 'you' }}{% if contact %}x{% endif %}",
        "'recipient.Name' never has a value: recipient has email, name, firstName, lastName, phone, timeZone. 1 more like it."
    )]
    public void A_variable_without_any_source_is_named(string subject, string message) =>
        Renderer.Warnings(subject, TemplateKind.Subject).ShouldHaveSingleItem().Message.ShouldBe(message);

    [Theory]
    [InlineData(
        "<p>a</p>\n<a href=\"%7B%7B%20unsubscribeUrl%20%7D%7D\">x</a>",
        "has an address at line 2 that leads nowhere, '%7B%7B%20unsubscribeUrl%20%7D%7D'"
    )]
    [InlineData("<a href='http://%7b%7bunsubscribeUrl%7d%7d'>x</a>", "has an address at line 1 that leads nowhere")]
    [InlineData("<a href='https://http://x.example'>x</a>", "has an address at line 1 that leads nowhere, 'https://http://x.example'")]
    [InlineData("<a href=mailto:mailto:a@x.example>x</a>", "has an address at line 1 that leads nowhere")]
    public void An_address_that_cannot_work_is_an_error(string body, string error) =>
        Renderer.Check(body, TemplateKind.Body)!.Message.ShouldStartWith(error);

    [Theory]
    [InlineData("<p>{{#if name}}Hi{{/if}}</p>", "{{#")]
    [InlineData("<p>{{{ name }}}</p>", "{{{")]
    public void Template_syntax_of_other_tools_is_rejected_with_a_hint(string body, string shown) =>
        Renderer.Check(body, TemplateKind.Body)!.Message.ShouldContain($"'{shown}' belongs to another tool");

    [Fact]
    public void CSS_behaviors_are_always_removed() =>
        Html("<style>.shape {behavior:url(#default#VML);color:red}</style><p>x</p>").ShouldBe("<style>.shape {color:red}</style><p>x</p>");

    /// <summary>Each attribute costs the cleaner a comparison, whether the page is rendered or looked at for warnings.</summary>
    [Fact]
    public void Warnings_are_charged_for_tags_and_attributes_like_rendering()
    {
        var body = string.Concat(Enumerable.Repeat($"<p {string.Concat(Enumerable.Range(0, 50).Select(i => $"m:{i} "))}>x</p>", 300));
        var (warned, rendered) = (new RenderAllowance(), new RenderAllowance());

        Renderer.Warnings(body, TemplateKind.Body, warned);
        Renderer.RenderEmail("s", body, Of() with { Allowance = rendered }).IsSuccess.ShouldBeTrue();

        const int OfTagsAndAttributes = 50 * 300 * 51;
        warned.Cost.ShouldBeGreaterThan(OfTagsAndAttributes);
        rendered.Cost.ShouldBeGreaterThan(OfTagsAndAttributes);
    }

    [Fact]
    public void Warnings_of_a_page_beyond_a_limit_are_charged_too()
    {
        var body = $"<p>{string.Concat(Enumerable.Range(0, 300).Select(i => $"<b m:{i}>"))}{string.Concat(Enumerable.Repeat("<p>x", 300))}";
        var allowance = new RenderAllowance();

        Renderer.Warnings(body, TemplateKind.Body, allowance).ShouldHaveSingleItem().Code.ShouldBe("repeatedFormatting");

        allowance.Cost.ShouldBeGreaterThan(50 * 900);
    }

    private static IEnumerable<string> Codes(string body)
    {
        Renderer.Check(body, TemplateKind.Body).ShouldBeNull();
        return Renderer.Warnings(body, TemplateKind.Body).Select(warning => warning.Code);
    }
}
