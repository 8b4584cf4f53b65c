using System.Text.Json;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

public sealed partial class PreviewTests
{
    [Theory]
    [InlineData("""{}""", "recipient")]
    [InlineData("""{ "recipient": { "email": "a@example.com" }, "startAt": "3026-01-01T00:00:00Z" }""", "startAt")]
    [InlineData("""{ "recipient": { "email": "a@example.com" }, "startAt": "1999-01-01T00:00:00Z" }""", "startAt")]
    [InlineData("""{ "recipient": { "email": "a@example.com", "timeZone": "Mars/Olympus" } }""", "recipient.timeZone")]
    [InlineData("""{ "recipient": { "email": "a@example.com" }, "assume": { "variant": "Z" } }""", "assume.variant")]
    [InlineData("""{ "recipient": { "email": "a@example.com" }, "assume": { "skipped": [ 1 ] } }""", "assume.skipped[0]")]
    [InlineData(
        """{ "recipient": { "email": "a@example.com" }, "assume": { "pauses": [ { "step": 9, "for": "P1D" } ] } }""",
        "assume.pauses[0].step"
    )]
    [InlineData(
        """{ "recipient": { "email": "a@example.com" }, "assume": { "pauses": [ { "step": 0, "for": "P900D" } ] } }""",
        "assume.pauses[0].for"
    )]
    [InlineData("""{ "recipient": { "email": "a@example.com" }, "assume": { "weather": "fine" } }""", "assume.weather")]
    public async Task A_bad_preview_is_refused_with_its_field(string body, string field)
    {
        var sequence = await Alice.Sequence($$"""{"name":"Offer","steps":{{Steps}}}""");

        (await Alice.Post($"{sequence}/preview", body)).ShouldBe(400).Fields.ShouldBe([field]);
    }

    [Fact]
    public async Task A_too_expensive_template_is_rejected_with_its_field()
    {
        async Task<Answer> Preview(string body) =>
            await Alice.Post(
                "/api/preview",
                JsonSerializer.Serialize(
                    new
                    {
                        steps = new[]
                        {
                            new
                            {
                                type = "EMAIL",
                                subject = "x",
                                body,
                            },
                        },
                        recipient = new { email = "a@example.com" },
                    }
                )
            );

        (await Preview(new string('x', 900_000))).ShouldBe(400).Fields.ShouldBe(["steps[0].body"]);
        (await Preview(new string('x', 1_100_000))).ShouldBe(413);
        (await Preview("{% for i in (1..9000) %}{% for j in (1..9000) %}x{% endfor %}{% endfor %}"))
            .ShouldBe(400)
            .Fields.ShouldBe(["steps[0].body"]);
        (await Preview(string.Concat(Enumerable.Repeat("<b>", 3_000)))).ShouldBe(400).Fields.ShouldBe(["steps[0].body"]);
        (await Preview("{{ offer.until | date: 'long', 'Mars/Olympus' }}")).ShouldBe(400).Fields.ShouldBe(["steps[0].body"]);
    }

    [Theory]
    [InlineData(
        "{% for i in (1..9000) %}{% for j in (1..9000) %}x{% endfor %}{% endfor %}",
        "for any recipient: it takes more than 10,000 steps"
    )]
    [InlineData("{% for i in (1..100000000) %}x{% endfor %}", "for any recipient: it makes a list of more than 10,000 items")]
    [InlineData("{{ offer.until | date: 'long', 'Mars/Olympus' }}", "column 33: There is no time zone 'Mars/Olympus'.")]
    [InlineData("{{ offer.price | money: 'EUR', 'tlh' }}", "There is no culture 'tlh'.")]
    public async Task A_template_that_always_fails_is_rejected_when_saved(string body, string error)
    {
        var steps = JsonSerializer.Serialize(
            new object[]
            {
                new
                {
                    type = "EMAIL",
                    subject = "s",
                    body,
                },
            }
        );
        var sequence = await Alice.Sequence("""{"name":"Offer","steps":[{"type":"EMAIL"}]}""");

        foreach (
            var answer in new[]
            {
                await Alice.Post("/api/sequences", $$"""{"name":"x","steps":{{steps}}}"""),
                await Alice.Put(sequence, $$"""{"steps":{{steps}}}"""),
                await Alice.Post($"{sequence}/versions/plan", $$"""{"steps":{{steps}}}"""),
            }
        )
        {
            answer.ShouldBe(400).Fields.ShouldBe(["steps[0].body"]);
            answer.Json["errors"]!["steps[0].body"]![0]!.ToString().ShouldContain(error);
        }
    }

    [Fact]
    public async Task The_templates_of_a_request_share_a_rendering_budget()
    {
        // Each is within its own bound, and would take some tenths of a second.
        const string Costly =
            "{% assign s = 'xxxxxxxxxxxxxxxx' %}{% for i in (1..14) %}{% assign s = s | append: s %}{% endfor %}{% for i in (1..28) %}{% assign t = s | remove: 'x' %}{% endfor %}";
        var steps = JsonSerializer.Serialize(
            Enumerable
                .Range(0, 12)
                .Select(i => new
                {
                    type = "EMAIL",
                    subject = "s",
                    body = $"{i}{Costly}",
                })
        );

        var saved = await Alice.Post("/api/sequences", $$"""{"name":"x","steps":{{steps}}}""");

        var fields = saved.ShouldBe(400).Fields;
        fields.ShouldNotContain("steps[0].body");
        fields.ShouldContain("steps[11].body");
        saved.Text.ShouldContain("together with the other texts of this request");
    }

    [Theory]
    [InlineData(
        """{"type":"EMAIL","variants":[{"name":"A","weight":"1"}]}""",
        "steps[0].variants[0].weight",
        "must be a number within bounds"
    )]
    [InlineData("""{"type":"SMS","message":"{{ unsubscribeUrl }}"}""", "steps[0].message", "text messages have no link")]
    [InlineData("""{"type":"SMS","message":"x","variants":[{"name":"A","weight":1}]}""", "steps[0].variants", "is not a field of SMS")]
    [InlineData("""{"type":"WAIT","delayDays":1,"thread":true}""", "steps[0].thread", "is not a field of WAIT")]
    public async Task A_wrong_field_is_named_with_its_rule(string step, string field, string rule)
    {
        var answer = (await Alice.Post("/api/sequences", $$"""{"name":"x","steps":[{{step}}]}""")).ShouldBe(400);

        answer.Fields.ShouldBe([field]);
        answer.Json["errors"]![field]![0]!.ToString().ShouldContain(rule);
    }

    [Theory]
    [InlineData("""[ { "name": "A", "weight": 1 }, { "name": "B", "weight": 0 } ]""", "steps[0].variants[1].weight")]
    [InlineData("""[ { "name": "A", "weight": -1 } ]""", "steps[0].variants[0].weight")]
    [InlineData("""[ { "name": "A" } ]""", "steps[0].variants[0].weight")]
    [InlineData("""[ { "name": "A", "weight": 1 }, { "name": "A", "weight": 1 } ]""", "steps[0].variants[1].name")]
    [InlineData("""[ { "name": " ", "weight": 1 } ]""", "steps[0].variants[0].name")]
    [InlineData("""[ { "name": "A", "weight": 1, "body": "{{ x" } ]""", "steps[0].variants[0].body")]
    [InlineData("""[ { "name": "A", "weight": 1, "subject": "a\nb" } ]""", "steps[0].variants[0].subject")]
    [InlineData("""[ null ]""", "steps[0].variants[0]")]
    [InlineData("""[ ]""", "steps[0].variants")]
    public async Task Bad_variants_are_refused_with_their_field(string variants, string field) =>
        (await Alice.Post("/api/sequences", $$"""{"name":"x","steps":[{"type":"EMAIL","variants":{{variants}}}]}"""))
            .ShouldBe(400)
            .Fields.ShouldBe([field]);

    [Theory]
    [InlineData("{{ firstName }}")]
    [InlineData("{{ recipient.firstname }}")]
    [InlineData("{{ unsubscribeUrl.x }}")]
    public async Task A_template_that_outputs_an_unknown_variable_is_rejected(string body) => (
            await Alice.Post(
                "/api/sequences",
                JsonSerializer.Serialize(
                    new
                    {
                        name = "x",
                        steps = new[]
                        {
                            new
                            {
                                type = "EMAIL",
                                subject = "s",
                                body,
                            },
                        },
                    }
                )
            )
        ).ShouldBe(400).Json["errors"]!["steps[0].body"]![0]!.ToString().ShouldContain("which never has a value");
}
