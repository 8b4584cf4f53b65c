using FollowUp.Application.Templates;
using static FollowUp.UnitTests.Templates.Models;

namespace FollowUp.UnitTests.Templates;

/// <summary>No template loops indefinitely, exhausts the memory or overflows the stack.</summary>
public sealed class RenderLimitsTests
{
    private const string Long = "{% assign s = 'xxxxxxxxxxxxxxxx' %}{% for i in (1..15) %}{% assign s = s | append: s %}{% endfor %}";

    [Theory]
    [InlineData(
        "{% for i in (1..1000) %}{% for j in (1..1000) %}x{% endfor %}{% endfor %}",
        "it takes more than 10,000 steps or nests too deeply"
    )]
    [InlineData(
        "{% for i in (1..9000) %}{% for j in (1..9000) %}{% break %}{% endfor %}{% endfor %}",
        "it does too much work (more than 16,777,216 characters gone through)"
    )]
    [InlineData("{% for i in (1..2000000000) %}{% endfor %}", "it makes a list of more than 10,000 items")]
    [InlineData("{% assign n = 2000000000 %}{% for i in (1..n) %}{% endfor %}", "it makes a list of more than 10,000 items")]
    [InlineData(
        "{% for i in (1..40) %}{% assign l = l | concat: l %}{% endfor %}{% assign l = (1..9000) | concat: l %}{% assign l = l | concat: l %}",
        "it makes a list of more than 10,000 items"
    )]
    [InlineData(Long + "{{ s }}{{ s }}", "it makes a text of more than 524,288 characters")]
    [InlineData(
        Long + "{% for i in (1..1000) %}{% assign s = s | append: s %}{% endfor %}",
        "it makes a text of more than 524,288 characters"
    )]
    [InlineData(Long + "{{ s | replace: 'x', s }}", "it makes a text of more than 524,288 characters")]
    [InlineData(Long + "{{ s | split: '' | size }}", "it makes a list of more than 10,000 items")]
    [InlineData("{% assign s = 'xxxxxxxxxx' %}" + Long + "{{ (1..9000) | join: s }}", "it makes a text of more than 524,288 characters")]
    [InlineData(
        Long + "{% capture c %}{% for i in (1..9) %}{{ s }}{% endfor %}{% endcapture %}",
        "it makes a text of more than 524,288 characters"
    )]
    [InlineData(
        Long + "{% for i in (1..9000) %}{% capture c %}{{ s }}{% endcapture %}{% endfor %}",
        "it does too much work (more than 16,777,216 characters gone through)"
    )]
    [InlineData(
        Long + "{% for i in (1..9000) %}{% if s == s %}{% assign t = s | upcase | downcase | strip %}{% endif %}{% endfor %}",
        "it does too much work (more than 16,777,216 characters gone through)"
    )]
    [InlineData("{{ 'now' | date: '%999999999n' }}", "it asks for a date that is too wide")]
    public void The_resources_of_a_rendering_are_bounded(string template, string reason) =>
        Failure(template).ShouldBe($"The body cannot be rendered: {reason}.");

    [Theory]
    [InlineData(
        "{% for i in (1..1000) %}{% for j in (1..1000) %}x{% endfor %}{% endfor %}",
        TemplateKind.Message,
        "it takes more than 10,000 steps or nests too deeply"
    )]
    [InlineData("{% for i in (1..2001) %}<b>{% endfor %}", TemplateKind.Body, "it has more than 2,000 tags")]
    [InlineData("{% for i in (1..2001) %}<b>{% endfor %}", TemplateKind.Subject, null)]
    [InlineData(
        "{{ 1 | divided_by: variables.n }}{{ variables.day | append: ' 10:00 x' | date: 'long' }}{{ 5 | money: variables.c }}",
        TemplateKind.Body,
        null
    )]
    [InlineData("{% for i in (1..variables.n) %}x{% endfor %}", TemplateKind.Body, null)]
    public void A_limit_exceeded_for_every_recipient_is_an_error_of_the_template(string template, TemplateKind kind, string? reason) =>
        (Renderer.Check(template, kind)?.Message).ShouldBe(reason is null ? null : $"cannot be rendered for any recipient: {reason}.");

    [Fact]
    public void The_total_rendering_of_a_request_is_bounded()
    {
        var allowance = new RenderAllowance();
        const string Costly = Long + "{% for i in (1..24) %}{% assign t = s | remove: 'x' %}{% endfor %}x";
        var tags = string.Concat(Enumerable.Repeat("<b>", 1_900));

        Renderer.RenderEmail("s", Costly, Of() with { Allowance = allowance }).IsSuccess.ShouldBeTrue();
        Renderer.Check(Costly, TemplateKind.Body, allowance).ShouldBeNull();
        Renderer
            .RenderEmail("s", Costly, Of() with { Allowance = allowance })
            .ValidationErrors.Single()
            .ErrorMessage.ShouldBe("The body cannot be rendered: it does, together with the other texts of this request, too much work.");
        Renderer.RenderEmail("s", Costly, Of()).IsSuccess.ShouldBeTrue();

        var page = Of() with { Allowance = new RenderAllowance() };
        for (var i = 0; i < 4; i++)
        {
            Renderer.RenderEmail("s", tags, page).IsSuccess.ShouldBeTrue();
        }

        Renderer
            .RenderEmail("s", tags, page)
            .ValidationErrors.Single()
            .ErrorMessage.ShouldBe("The body cannot be rendered: it has, together with the other texts of this request, too many tags.");
    }

    [Fact]
    public void Warnings_are_charged_like_the_cleaning_of_a_mail()
    {
        var tags = string.Concat(Enumerable.Repeat("<b>", 1_900));
        var meter = RenderMeter.Begin();

        Renderer.Warnings(tags, TemplateKind.Body, new RenderAllowance());

        meter.Work.ShouldBeGreaterThanOrEqualTo(tags.Length + (50L * 1_900));
    }

    [Theory]
    [InlineData("{{ variables.# }}")]
    [InlineData("{% if variables.# %}x{% endif %}")]
    [InlineData("{{ variables['#'] | default: 'x' }}")]
    public void The_length_of_a_variable_name_is_bounded(string template)
    {
        string Named(int length) => template.Replace("#", new string('a', length), StringComparison.Ordinal);

        Renderer.Check(Named(500 - "variables.".Length), TemplateKind.Body).ShouldBeNull();
        Renderer
            .Check(Named(501 - "variables.".Length), TemplateKind.Body)!
            .Message.ShouldBe("reads a variable whose name has more than 500 characters.");
    }

    [Fact]
    public void A_template_saved_before_that_limit_does_not_exceed_the_cost_of_an_enrolment()
    {
        var name = $"variables{Repeat(".a", 50_000)}";
        var before = GC.GetAllocatedBytesForCurrentThread();

        var known = Renderer.Variables($"{{{{ {name} }}}}").Count(variable => Renderer.ValuesOf(Of()).HasValue(variable.Name));

        known.ShouldBe(0);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(100_000_000);
    }

    [Fact]
    public void An_error_truncates_the_name_of_a_filter() =>
        Renderer.Check($"{{{{ 'x' | {new string('a', 10_000)} }}}}", TemplateKind.Body)!.Message.Length.ShouldBeLessThan(600);

    [Fact]
    public void Iterations_over_a_long_list_are_bounded()
    {
        var variables = $$"""{"l": [{{string.Join(',', Enumerable.Repeat("0", 200_000))}}]}""";

        Failure("{% for i in (1..9000) %}{% for j in variables.l %}{% break %}{% endfor %}{% endfor %}", variables)
            .ShouldBe("The body cannot be rendered: it does too much work (more than 16,777,216 characters gone through).");
    }

    [Theory]
    [InlineData("{{ 1 | divided_by: 0 }}")]
    [InlineData("{{ 79228162514264337593543950335 | times: 2 }}")]
    [InlineData("{% for i in (1..79228162514264337593543950335) %}{% endfor %}")]
    [InlineData("{% for i in (79228162514264337593543950335..1) %}{% endfor %}x")]
    public void Arithmetic_never_throws_an_exception(string template) => Should.NotThrow(() => Renderer.RenderEmail("s", template, Of()));

    [Theory]
    [InlineData("{{ a[", 200_000)]
    [InlineData("{% if a %}", 50_000)]
    [InlineData("{% for a in b %}", 50_000)]
    [InlineData("{{ (", 200_000)]
    public void A_too_deeply_nested_template_is_rejected(string piece, int length)
    {
        var opening = piece.StartsWith("{{", StringComparison.Ordinal) ? "{{ " + Repeat(piece[3..], length) : Repeat(piece, length);

        OnASmallStack(() => Renderer.Check(opening, TemplateKind.Body)!.Message.ShouldBe("The template nests too deeply."));
    }

    [Theory]
    [InlineData("{% if a{0} %}{% endif %}", " and a")]
    [InlineData("{{ a{0} }}", " | strip")]
    public void A_too_long_filter_chain_is_rejected(string template, string link) =>
        OnASmallStack(() =>
            Renderer
                .Check(template.Replace("{0}", Repeat(link, 100_000), StringComparison.Ordinal), TemplateKind.Body)!
                .Message.ShouldBe("The template nests too deeply.")
        );

    [Fact]
    public void A_template_within_the_nesting_limit_is_rendered()
    {
        var template =
            Repeat("{% if true %}", 90 * 13)
            + "x"
            + Repeat("{% endif %}", 90 * 11)
            + "{{ 'x'"
            + string.Concat(Enumerable.Repeat(" | strip", 90))
            + " }}";

        OnASmallStack(() => Html(template).ShouldBe("xx"));
    }

    [Fact]
    public void A_too_long_template_is_rejected() =>
        Renderer.Check(new string('x', 300_000), TemplateKind.Body)!.Message.ShouldBe("The template is longer than 262,144 characters.");

    private static string Repeat(string piece, int length) => string.Concat(Enumerable.Repeat(piece, length / piece.Length));

    /// <summary>An overflow would end the test run, as it would end the program.</summary>
    private static void OnASmallStack(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(action), maxStackSize: 512 * 1024);
        thread.Start();
        thread.Join();
        failure.ShouldBeNull();
    }
}
