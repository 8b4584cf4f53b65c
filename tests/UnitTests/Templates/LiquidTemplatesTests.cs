using FollowUp.Application.Templates;
using static FollowUp.UnitTests.Templates.Models;

namespace FollowUp.UnitTests.Templates;

public sealed class LiquidTemplatesTests
{
    private const string Evil = """{"v": "<script>alert('x')</script> & \"co\"\n2", "w": "<b>"}""";

    [Fact]
    public void Values_are_escaped_in_bodies_and_not_in_subjects_and_text_messages()
    {
        var mail = Renderer.RenderEmail("{{ variables.v }}", "<p>{{ variables.v }}</p>", Of(Evil)).Value;

        mail.Html.ShouldBe("<p>&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; &quot;co&quot;&#xA;2</p>");
        mail.Subject.ShouldBe("<script>alert('x')</script> & \"co\" 2");
        mail.Text.ShouldBe("<script>alert('x')</script> & \"co\" 2");
        Sms("{{ variables.v }}", Evil).ShouldBe("<script>alert('x')</script> & \"co\"\n2");
    }

    [Fact]
    public void Letters_of_other_scripts_stay_readable() => Html("{{ variables.v }}", """{"v": "Grüße, 山田"}""").ShouldBe("Grüße, 山田");

    [Fact]
    public void Raw_inserts_a_value_as_HTML_that_is_still_cleaned()
    {
        Html("{{ variables.w | raw }}", Evil).ShouldBe("<b>");
        Html("{{ variables.v | raw }}x", Evil).ShouldBe(" & \"co\"\n2x");
    }

    [Theory]
    [InlineData("{% capture c %}<i>{{ variables.w }}</i>{% endcapture %}{{ c }}", "<i>&lt;b&gt;</i>")]
    [InlineData("{% capture c %}<i>{% endcapture %}{{ c | append: variables.w }}", "<i>&lt;b&gt;")]
    [InlineData("{% capture c %}<i>{% endcapture %}{{ c | prepend: variables.w }}", "&lt;b&gt;<i>")]
    [InlineData("{% capture c %}<i>{% endcapture %}{{ c | replace: 'i', variables.w }}", "<&lt;b&gt;>")]
    [InlineData("{% capture c %}<i>abcdefghijklm{% endcapture %}{{ c | truncate: 13, variables.w }}", "<i>a&lt;b&gt;")]
    [InlineData("{{ variables.w | escape }}", "&lt;b&gt;")]
    [InlineData("{{ 'x' | escape | append: variables.w }}", "x&lt;b&gt;")]
    [InlineData("{{ '%3Cb%3E' | escape | url_decode }}", "&lt;b&gt;")]
    [InlineData("{{ 'PGI+' | escape | base64_decode }}", "&lt;b&gt;")]
    [InlineData("{{ variables.w | append: '<i>' }}", "&lt;b&gt;&lt;i&gt;")]
    [InlineData("{{ variables.none | default: variables.w }}", "&lt;b&gt;")]
    [InlineData("{{ variables.w | split: 'x' | join: '<' }}", "&lt;b&gt;")]
    public void No_filter_lets_a_value_through_unescaped(string template, string html) => Html(template, Evil).ShouldBe(html);

    [Fact]
    public void Newline_to_br_escapes_the_text_but_not_the_breaks() =>
        Html("{{ variables.v | newline_to_br }}", Evil)
            .ShouldBe("&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; &quot;co&quot;<br>\n2");

    [Theory]
    [InlineData("  Your offer\r\n on {{ variables.v }} \t", "Your offer on Elm St Bcc: eve@evil.example")]
    [InlineData("a\u2028b\u0085c\0d", "a b c d")]
    public void A_subject_is_one_line(string subject, string expected) =>
        Renderer.RenderEmail(subject, "x", Of("""{"v": "Elm St\nBcc: eve@evil.example"}""")).Value.Subject.ShouldBe(expected);

    [Fact]
    public void A_subject_beyond_the_header_line_limit_is_an_error() =>
        Renderer
            .RenderEmail(new string('x', 2_000), "x", Of())
            .ValidationErrors.ShouldHaveSingleItem()
            .ErrorMessage.ShouldContain("at most 998");

    [Theory]
    [InlineData("")]
    [InlineData("{% if variables.none %}x{% endif %} \n")]
    public void An_empty_subject_is_an_error(string subject) =>
        Renderer
            .RenderEmail(subject, "x", Of())
            .ValidationErrors.Single()
            .ErrorMessage.ShouldBe("The subject is empty once it is rendered.");

    [Theory]
    [InlineData("<script>x</script>")]
    [InlineData("{% for i in (1..-5) %}x{% endfor %} ")]
    public void An_empty_body_is_an_error(string body) =>
        Renderer.RenderEmail("s", body, Of()).ValidationErrors.Single().ErrorMessage.ShouldBe("The body is empty once it is rendered.");

    [Theory]
    [InlineData("{{ 1 | divided_by: 0 }}", false)]
    [InlineData("{{ 1 | divided_by: variables.n }}", true)]
    public void A_template_that_fails_without_variables_always_fails(string template, bool mayWork) =>
        (Renderer.Check(template, TemplateKind.Body) is null).ShouldBe(mayWork);

    [Fact]
    public void An_empty_text_message_is_an_error() =>
        Renderer
            .RenderSms("{% if variables.none %}x{% endif %} ", Of())
            .ValidationErrors.Single()
            .ErrorMessage.ShouldBe("The message is empty once it is rendered.");

    [Theory]
    [InlineData("Hi {{ name", 1, 11)]
    [InlineData("Hi\n  {{ recipient.name | }}", 2, 22)]
    [InlineData("{% if a %}\nx", 2, 2)]
    [InlineData("a\r\n\r\n{% endif %}", 3, 9)]
    [InlineData("{% nonsense %}", 1, 12)]
    [InlineData("x\n{{ recipient.name | shout }}", 2, 21)]
    [InlineData("{{ (1) }}", 1, 7)]
    public void An_error_contains_line_and_column(string template, int line, int column)
    {
        var error = Renderer.Check(template, TemplateKind.Body)!;

        (error.Line, error.Column).ShouldBe((line, column), error.Message);
    }

    [Theory]
    [InlineData("{{ name", "End of tag '}}' was expected.")]
    [InlineData("{% if a %}", "'{% endif %}' was expected.")]
    [InlineData("{% nonsense %}", "Unknown tag 'nonsense'.")]
    [InlineData("{% include 'x' %}", "Unknown tag 'include'.")]
    [InlineData("{% render 'x' %}", "Unknown tag 'render'.")]
    [InlineData("{% macro x() %}{% endmacro %}", "Unknown tag 'macro'.")]
    [InlineData("{{ a | shout }}", "There is no filter 'shout'.")]
    [InlineData("{% if a %}{% assign x = a | format_number: 'D99999999' %}{% endif %}", "There is no filter 'format_number'.")]
    [InlineData("{{ (1) }}", "Parentheses are not allowed in order to group expressions.")]
    public void An_error_describes_its_cause(string template, string message) =>
        Renderer.Check(template, TemplateKind.Body)!.Message.ShouldBe(message);

    [Theory]
    [InlineData("")]
    [InlineData("plain text with { and } and %}")]
    [InlineData("{{ recipient.firstName | default: \"there\" }}")]
    [InlineData("{% for item in variables.items %}{{ item.name | upcase }}{% endfor %}")]
    public void A_template_that_parses_has_no_error(string template) => Renderer.Check(template, TemplateKind.Body).ShouldBeNull();

    [Fact]
    public void A_template_that_does_not_parse_is_an_error_of_its_rendering() =>
        Failure("x\n{{ a").ShouldBe("The body does not parse at line 2, column 5: End of tag '}}' was expected.");

    [Fact]
    public void A_rendering_leaves_no_state_for_the_next()
    {
        const string template = "{{ x }}{% assign x = recipient.name %}{{ x }}";

        Html(template).ShouldBe("Ben  Miller");
        Html(template).ShouldBe("Ben  Miller");
    }

    [Fact]
    public async Task Concurrent_renderings_are_isolated()
    {
        var renderings = Enumerable
            .Range(0, 500)
            .Select(i =>
                Task.Run(() => Html("{% assign x = variables.i %}{% for j in (1..3) %}{{ x }} {% endfor %}", $$"""{"i": {{i}}}"""))
            );

        var all = await Task.WhenAll(renderings);

        all.ShouldBe(Enumerable.Range(0, 500).Select(i => $"{i} {i} {i} "));
    }

    [Fact]
    public void The_default_follow_ups_parse_and_render()
    {
        var steps = Enumerable.Repeat(new FollowUp.Domain.Sequences.EmailStep(null, null), 5).ToList<FollowUp.Domain.Sequences.Step>();
        for (var i = 0; i < steps.Count; i++)
        {
            var text = FollowUp.Domain.Sequences.DefaultFollowUps.At(steps, new FollowUp.Domain.Sequences.StepIndex(i));

            Renderer.Check(text.Subject!, TemplateKind.Body).ShouldBeNull();
            Renderer.RenderEmail(text.Subject!, text.Body!, Of()).Value.Missing.ShouldBeEmpty();
        }
    }
}
