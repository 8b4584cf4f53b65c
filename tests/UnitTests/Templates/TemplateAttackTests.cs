using FollowUp.Application.Templates;
using static FollowUp.UnitTests.Templates.Models;

namespace FollowUp.UnitTests.Templates;

/// <summary>Hostile templates: they can read only the given values, and are bounded by a fixed budget.</summary>
public sealed class TemplateAttackTests
{
    /// <summary>A text of 262,144 characters.</summary>
    private const string Long = "{% assign s = 'xxxxxxxxxxxxxxxx' %}{% for i in (1..14) %}{% assign s = s | append: s %}{% endfor %}";

    /// <summary>A list of that text, doubled by each iteration.</summary>
    private const string ListOfLong =
        Long + "{% assign l = s | split: ',' %}{% for i in (1..13) %}{% assign l = l | concat: l %}{% endfor %}";

    private const string Work = "it does too much work (more than 16,777,216 characters gone through)";
    private const string Text = "it makes a text of more than 524,288 characters";
    private const string Search = "it looks for a text of more than 1,000 characters";

    [Theory]
    [InlineData("{{ recipient.GetType }}{{ recipient.getType.assembly }}")]
    [InlineData("{{ recipient.email.Length }}{{ recipient.email.Chars }}{{ recipient.email[0] }}")]
    [InlineData("{{ variables.Values }}{{ variables.Keys.Count }}{{ variables.Comparer }}")]
    [InlineData("{{ model }}{{ this }}{{ self }}{{ context }}{{ AmbientValues }}{{ followup }}{{ options }}{{ settings }}{{ env }}")]
    [InlineData("{{ Environment.MachineName }}{{ System.Environment }}{{ configuration['SendGrid:ApiKey'] }}")]
    [InlineData("{{ variables.__proto__ }}{{ variables['constructor'] }}")]
    [InlineData("{{ sequence.id }}{{ sequence.ownerId }}{{ recipient.id }}{{ instance.id }}")]
    public void A_template_can_read_only_the_given_values(string template) => Html($"[{template}]").ShouldBe("[]");

    [Theory]
    [InlineData("/etc/localtime")]
    [InlineData("../../../../etc/passwd")]
    [InlineData("/dev/zero")]
    [InlineData("Europe/Berlin/../../../../dev/zero")]
    public void A_time_zone_name_never_reads_a_file(string zone) =>
        Html($"{{{{ '2026-01-31T09:30:00Z' | time_zone: '{zone}' | date: '%H:%M' }}}}").ShouldBe("09:30");

    [Theory]
    [InlineData("{% include '/etc/passwd' %}", "Unknown tag 'include'.")]
    [InlineData("{% render 'a' %}", "Unknown tag 'render'.")]
    [InlineData("{% layout 'a' %}", "Unknown tag 'layout'.")]
    [InlineData("{% from 'a' import b %}", "Unknown tag 'from'.")]
    [InlineData("{% macro f() %}{% endmacro %}", "Unknown tag 'macro'.")]
    [InlineData("{{ f() }}", "Functions are not allowed.")]
    [InlineData("{{ 'x' | json }}", "There is no filter 'json'.")]
    [InlineData("{{ 'x' | md5 }}", "There is no filter 'md5'.")]
    [InlineData("{{ 'D99999999' | format_number: 'D99999999' }}", "There is no filter 'format_number'.")]
    public void No_tag_and_no_filter_has_access_outside_the_template(string template, string message) =>
        Renderer.Check(template, TemplateKind.Body)!.Message.ShouldBe(message);

    [Theory]
    [InlineData(ListOfLong + "{{ l | upcase }}", Text)]
    [InlineData(ListOfLong + "{{ l | join: '' }}", Text)]
    [InlineData(ListOfLong + "{{ variables[l] }}", Text)]
    [InlineData(ListOfLong + "{{ l }}", Text)]
    [InlineData(Long + "{% for i in (1..9000) %}{% assign t = s | remove: 'x' %}{% endfor %}", Work)]
    [InlineData(Long + "{% for i in (1..9000) %}{{ s | strip_html | remove: 'x' }}{% endfor %}", Work)]
    [InlineData(Long + "{% for i in (1..9000) %}{% if s == s %}{% endif %}{% endfor %}", Work)]
    [InlineData(Long + "{% for i in (1..9000) %}{% if s != s %}{% endif %}{% endfor %}", Work)]
    [InlineData(Long + "{% for i in (1..9000) %}{% if s contains 'y' %}{% endif %}{% endfor %}", Work)]
    [InlineData(Long + "{% for i in (1..9000) %}{% if s startswith 'y' %}{% endif %}{% endfor %}", Work)]
    [InlineData(Long + "{% for i in (1..9000) %}{% if s endswith 'y' %}{% endif %}{% endfor %}", Work)]
    [InlineData(Long + "{% for i in (1..9000) %}{% case s %}{% when s, 'a' %}{% endcase %}{% endfor %}", Work)]
    [InlineData(Long + "{% for i in (1..9000) %}{% case 'a' %}{% when s, 'a' %}{% endcase %}{% endfor %}", Work)]
    [InlineData(Long + "{% if s contains s %}{% endif %}", Search)]
    [InlineData(Long + "{% if s startswith s %}{% endif %}", Search)]
    [InlineData(Long + "{% if s endswith s %}{% endif %}", Search)]
    [InlineData(Long + "{% if variables[s] %}{% endif %}", Search)]
    [InlineData(Long + "{% if variables[variables[s]] %}{% endif %}", Search)]
    [InlineData(Long + "{{ s | split: s | size }}", Search)]
    [InlineData(Long + "{{ s | remove: s | size }}", Search)]
    [InlineData(Long + "{{ s | replace: s, 'x' | size }}", Search)]
    [InlineData(Long + "{{ s | has: s }}", Search)]
    public void No_text_and_no_list_exceeds_the_budget(string template, string limit) =>
        Failure(template).ShouldBe($"The body cannot be rendered: {limit}.");

    [Theory]
    [InlineData("{% assign t = variables.l | where: 'x' %}")]
    [InlineData("{% assign t = variables.l | sum | plus: 1 %}")]
    [InlineData("{% if variables.l contains 'x' %}{% endif %}")]
    [InlineData("{% if variables.l == variables.m %}{% endif %}")]
    public void Iterations_over_a_long_list_are_bounded(string statement)
    {
        var list = $"[{string.Join(',', Enumerable.Repeat("0", 30_000))}]";

        Failure($"{{% for i in (1..9000) %}}{statement}{{% endfor %}}", $$"""{"l": {{list}}, "m": {{list}}}""")
            .ShouldBe($"The body cannot be rendered: {Work}.");
    }

    [Theory]
    [InlineData("{% raw %}", "Not end tag found for {% raw %}.")]
    [InlineData("{% comment %}", "'{% endcomment %}' was expected.")]
    [InlineData("{% case x %}{% when 1 %}", "The template nests too deeply.")]
    [InlineData("{% capture x %}", "The template nests too deeply.")]
    [InlineData("{% # ", "Invalid inline comment tag.")]
    [InlineData("{{", "A value was expected.")]
    [InlineData("{{ '", "End of tag '}}' was expected.")]
    public void An_unclosed_template_is_rejected(string piece, string message) =>
        Renderer.Check(string.Concat(Enumerable.Repeat(piece, 200_000 / piece.Length)), TemplateKind.Body)!.Message.ShouldBe(message);

    [Fact]
    public void An_unknown_filter_after_many_spaces_is_found() =>
        Renderer
            .Check("{{ a | nofilter }}" + new string(' ', 250_000), TemplateKind.Body)!
            .Message.ShouldBe("There is no filter 'nofilter'.");

    [Fact]
    public void A_template_of_1_MB_is_refused_with_the_limit()
    {
        var template = string.Concat(Enumerable.Repeat("<p>Hi {{ recipient.firstName }}</p>", 30_000));

        Renderer.Check(template, TemplateKind.Body)!.Message.ShouldBe("The template is longer than 262,144 characters.");
        Failure(template).ShouldContain("The template is longer than 262,144 characters.");
    }

    [Fact]
    public void A_usual_mail_stays_far_below_the_budget()
    {
        var items = string.Join(',', Enumerable.Range(1, 200).Select(i => $$"""{"name": "Item {{i}}", "price": {{i}}}"""));
        const string Row =
            "<tr><td>{{ item.name | upcase | replace: 'ITEM', 'Position' | truncate: 40 }}</td><td>{{ item.price | times: 1.19 | round: 2 }}</td></tr>";

        var html = Html(
            $"<table>{{% for item in variables.items %}}{{% if item.name contains 'Item' %}}{Row}{{% endif %}}{{% endfor %}}</table>",
            $$"""{"items": [{{items}}]}"""
        );

        html.ShouldContain("<td>Position 200</td>");
    }
}
