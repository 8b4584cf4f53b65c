using FollowUp.Application.Templates;
using static FollowUp.UnitTests.Templates.Models;

namespace FollowUp.UnitTests.Templates;

public sealed class VariableUsesTests
{
    [Theory]
    [InlineData("{{ offer.a }}", "offer.a!")]
    [InlineData("{{ offer.a | upcase }}", "offer.a!")]
    [InlineData("{{ offer.a | default: 'x' }}", "offer.a")]
    [InlineData("{{ offer.a | default: 'x' | upcase }}", "offer.a")]
    [InlineData("{{ offer.a | upcase | default: 'x' }}", "offer.a")]
    [InlineData("{{ 'x' | append: offer.a }}", "offer.a!")]
    [InlineData("{{ offer.a | default: offer.b }}", "offer.a, offer.b")]
    [InlineData(
        "{% if offer.a %}{{ offer.b }}{% elsif offer.c %}{% else %}{{ offer.d }}{% endif %}",
        "offer.a, offer.b!, offer.c, offer.d!"
    )]
    [InlineData("{% for i in variables.list %}{{ i.name }}{{ forloop.index }}{% endfor %}", "variables.list")]
    [InlineData("{% assign x = offer.a | times: 2 %}{{ x }}", "offer.a")]
    [InlineData("{% capture c %}{{ offer.a }}{% endcapture %}{{ c }}", "offer.a!")]
    [InlineData("{{ variables.list[0].name }} {{ variables['a b'] }}", "variables.list[0].name!, variables.a b!")]
    [InlineData("{{ variables.list[offer.i] }}", "offer.i, variables.list[…]!")]
    [InlineData("{{ sequence.name }}{{ step.number }}{{ sender.name }}{{ unsubscribeUrl }}", "")]
    [InlineData("{{ offer.a | default: 'x' }}{{ offer.a }}", "offer.a!")]
    [InlineData("{% if offer.a and offer.b %}{{ offer.a }}{{ offer.b }}{{ offer.c }}{% endif %}", "offer.a, offer.b, offer.c!")]
    [InlineData("{% if offer.a %}{{ offer.a }}{% endif %}{{ offer.a }}", "offer.a!")]
    [InlineData("{% if offer.a or offer.b %}{{ offer.a }}{% endif %}", "offer.a!, offer.b")]
    public void The_variables_of_a_template_are_known_before_rendering(string template, string uses) =>
        string.Join(
                ", ",
                Renderer
                    .Variables(template)
                    .OrderBy(u => u.Name == "variables.a b")
                    .ThenBy(u => u.Name, StringComparer.Ordinal)
                    .Select(u => u.Needed ? $"{u.Name}!" : u.Name)
            )
            .ShouldBe(uses);

    [Theory]
    [InlineData("{{ offer.a }}", "offer.a")]
    [InlineData("{{ variables.blank }}", "variables.blank")]
    [InlineData("{{ variables.none | money: 'EUR' | default: 'free' }}", null)]
    [InlineData("{% if offer.a %}{{ offer.a }}{% endif %}", null)]
    [InlineData("{{ offer.a | default: offer.b }}", "offer.a or offer.b")]
    [InlineData("{{ offer.a | default: variables.v }}", null)]
    [InlineData("{% for i in variables.items %}{{ i.name }}{{ i.none }}{% endfor %}", "i.none")]
    [InlineData("{% assign x = offer.a %}{{ x }}", "x")]
    [InlineData("{{ variables.zero }}{{ variables.no }}", null)]
    [InlineData("{{ variables.items[0].name }}{{ variables.items[7].name }}", "variables.items[7].name")]
    public void A_variable_is_missing_only_if_it_is_output_without_a_value(string template, string? missing)
    {
        var rendered = Renderer.RenderSms(
            template + "x",
            Of("""{"blank": " \n", "v": "v", "zero": 0, "no": false, "items": [{"name": "n"}]}""")
        );

        string.Join(", ", rendered.Value.Missing).ShouldBe(missing ?? "");
    }

    [Theory]
    [InlineData(
        "{{ firstName }}",
        "outputs 'firstName', which never has a value: templates read offer, recipient, sender, sequence, step, unsubscribeUrl, variables. Was variables.firstName meant?"
    )]
    [InlineData(
        "{{ recipient.firstname }}",
        "outputs 'recipient.firstname', which never has a value: recipient has email, name, firstName, lastName, phone, timeZone."
    )]
    [InlineData(
        "{% if recipient.firstname %}{{ recipient.firstname }}{% endif %}",
        "outputs 'recipient.firstname', which never has a value: recipient has email, name, firstName, lastName, phone, timeZone."
    )]
    [InlineData("{{ firstName | default: 'x' }}{% if other %}{% endif %}", null)]
    [InlineData("{% assign x = 1 %}{{ x }}{{ offer }}", null)]
    public void A_name_without_any_source_is_an_error_of_the_template(string template, string? error) =>
        (Renderer.Check(template, TemplateKind.Body)?.Message).ShouldBe(error);

    [Theory]
    [InlineData("offer.a", true)]
    [InlineData("offer.blank", false)]
    [InlineData("offer.list[1]", true)]
    [InlineData("offer.list[2]", false)]
    [InlineData("offer.list[…]", true)]
    [InlineData("recipient.name", true)]
    [InlineData("recipient.phone", false)]
    [InlineData("variables.offer.a", true)]
    [InlineData("variables.none.none", false)]
    public void Whether_a_variable_has_a_value_is_known_without_rendering(string variable, bool has) =>
        Renderer.ValuesOf(Of("""{"offer": {"a": 1, "blank": " ", "list": [1, 2]}}""")).HasValue(variable).ShouldBe(has);
}
