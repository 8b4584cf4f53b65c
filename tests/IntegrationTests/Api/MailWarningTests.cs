using System.Text.Json;
using System.Text.Json.Nodes;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary>Saving and previewing a mail return warnings before it is sent to any recipient.</summary>
public sealed class MailWarningTests(TestProgram program) : ApiTest(program)
{
    private const string Unsubscribe = "<a href=\"{{ unsubscribeUrl }}\">No more mails</a>";

    [Fact]
    public async Task Creating_and_changing_a_sequence_return_warnings_that_name_the_field()
    {
        var created = (await Alice.Post("/api/sequences", Sequence($"<p>Dear *|FNAME|*</p>{Unsubscribe}"))).ShouldBe(201);
        var id = created.Id;
        var changed = (await Alice.Put($"/api/sequences/{id}", Sequence("<p>Hi</p>"))).ShouldBe(200);
        var renamed = (await Alice.Put($"/api/sequences/{id}", """{"name":"Other"}""")).ShouldBe(200);
        var read = (await Alice.Get($"/api/sequences/{id}")).ShouldBe(200);

        Warnings(created.Json).ShouldBe(["steps[0].body foreignMergeTag"]);
        Warnings(changed.Json).ShouldBe(["steps[0].body noUnsubscribeLink"]);
        Warnings(renamed.Json).ShouldBe(["steps[0].body noUnsubscribeLink"]);
        read.Json["warnings"].ShouldBeNull();
    }

    [Fact]
    public async Task Warnings_cover_every_text_of_a_sequence()
    {
        var steps = $$"""
            [ { "type": "EMAIL", "subject": "Dear %first_name%", "body": {{JsonSerializer.Serialize(Unsubscribe)}},
                "variants": [ { "name": "A", "weight": 1 }, { "name": "B", "weight": 1, "body": "<p>B</p>" } ] },
              { "type": "SMS", "message": "Dear [[name]]" },
              { "type": "EMAIL" } ]
            """;

        var created = (await Alice.Post("/api/sequences", $$"""{"name":"x","steps":{{steps}}}""")).ShouldBe(201);

        Warnings(created.Json)
            .ShouldBe([
                "steps[0].subject foreignMergeTag",
                "steps[0].variants[1].body noUnsubscribeLink",
                "steps[1].message foreignMergeTag",
            ]);
    }

    [Fact]
    public async Task A_preview_warns_of_problems_in_values()
    {
        var body = $"<a href=\"http://{{{{ variables.page }}}}\">x</a><img src=\"{{{{ variables.image }}}}\">{Unsubscribe}";

        var preview = (
            await Alice.Post(
                "/api/preview",
                $$"""
                { "steps": [ { "type": "EMAIL", "subject": "s", "body": {{JsonSerializer.Serialize(
                    body
                )}} } ], "recipient": { "email": "anna@example.com" },
                  "variables": { "page": "https://x.example", "image": "http://x.example/a.png" } }
                """
            )
        ).ShouldBe(200);

        Warnings(preview.Json).ShouldBe(["steps[0].body httpImages", "steps[0].body doubledScheme"]);
        preview.Json["steps"]![0]!["removed"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_link_that_cannot_work_is_rejected()
    {
        var refused = await Alice.Post("/api/sequences", Sequence("<a href=\"%7B%7B%20unsubscribeUrl%20%7D%7D\">No more mails</a>"));

        refused.ShouldBe(400);
        refused.Json["errors"]!["steps[0].body"]![0]!.ToString().ShouldContain("%7B%7B");
    }

    private static string Sequence(string body) =>
        $$"""{"name":"x","steps":[{"type":"EMAIL","subject":"s","body":{{JsonSerializer.Serialize(body)}}}]}""";

    private static IEnumerable<string> Warnings(JsonNode json) =>
        json["warnings"]!.AsArray().Select(warning => $"{warning!["field"]} {warning["code"]}");
}
