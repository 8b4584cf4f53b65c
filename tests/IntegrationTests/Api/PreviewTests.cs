using System.Globalization;
using System.Text.Json.Nodes;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary>Previews, test mails and the variables of a sequence.</summary>
public sealed partial class PreviewTests(TestProgram program) : ApiTest(program)
{
    private const string Steps = """
        [ { "type": "EMAIL", "subject": "Your offer on {{ offer.address }}", "body": "<p>Hi {{ recipient.firstName | default: \"there\" }}</p><script>x</script>" },
          { "type": "WAIT", "delayDays": 3 },
          { "type": "EMAIL", "body": "<p>{{ offer.price | money: 'EUR', 'de-DE' }} until {{ offer.until | date: 'long', recipient.timeZone, 'de' }}</p>",
            "variants": [ { "name": "A", "weight": 1 }, { "name": "B", "weight": 2, "body": "<p>B {{ offer.address }}</p>" } ] },
          { "type": "SMS", "message": "Still interested in {{ offer.address }}?" } ]
        """;

    private const string Anna = """
        "recipient": { "email": "anna@example.com", "name": "Anna Schmidt", "timeZone": "Europe/Berlin" },
        "variables": { "offer": { "address": "Main St 1", "price": 1250.5, "until": "2026-03-01" } }
        """;

    [Fact]
    public async Task A_preview_names_the_suppressed_channels_of_the_recipient()
    {
        var sequence = await Alice.Sequence($$"""{"name":"Offer","steps":{{Steps}}}""");
        var id = (await Alice.Post($"{sequence}/instances", $$"""{ {{Anna}} }""")).ShouldBe(201).Id;
        (await Alice.Post($"/api/instances/{id}/stop", """{"reason":"unsubscribed"}""")).ShouldBe(200);

        var preview = (await Alice.Post($"{sequence}/preview", $$"""{ {{Anna}} }""")).ShouldBe(200).Json;
        var bobs = (await Bob.Post("/api/preview", $$"""{ {{Anna}}, "steps": {{Steps}} }""")).ShouldBe(200).Json;

        preview["suppressed"]!.AsArray().Select(c => c!.ToString()).ShouldBe(["EMAIL"]);
        bobs["suppressed"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_step_that_cannot_be_rendered_fails_alone_in_the_preview()
    {
        var steps =
            """[ { "type": "EMAIL", "subject": "s", "body": "{{ offer.price | money: 'EUR', 'de-DE' }}" }, { "type": "EMAIL", "subject": "t", "body": "b" } ]""";

        var preview = (
            await Alice.Post(
                "/api/preview",
                $$$"""{ "recipient": { "email": "a@example.com" }, "variables": { "offer": { "price": "abc" } }, "steps": {{{steps}}} }"""
            )
        )
            .ShouldBe(200)
            .Json;

        var shown = preview["steps"]!.AsArray();
        shown.Select(s => s!["outcome"]!.ToString()).ShouldBe(["failed", "sent"]);
        shown[0]!["error"]!.ToString().ShouldStartWith("The body cannot be rendered: money needs a number");
        shown[1]!["error"].ShouldBeNull();
    }

    [Fact]
    public async Task A_preview_predicts_the_run_and_stores_nothing()
    {
        var sequence = await Alice.Sequence($$"""{"name":"Offer","steps":{{Steps}}}""");
        var start = DateTimeOffset.UtcNow.AddDays(30);
        var before = await Rows();

        var preview = (
            await Alice.Post(
                $"{sequence}/preview",
                $$"""{ {{Anna}}, "startAt": "{{start:yyyy-MM-dd'T'HH:mm:ss'Z'}}", "assume": { "variant": "A" } }"""
            )
        )
            .ShouldBe(200)
            .Json;

        (await Rows()).ShouldBe(before);
        preview["timeZone"]!.ToString().ShouldBe("Europe/Berlin");
        preview["suppressed"]!.AsArray().ShouldBeEmpty();
        var steps = preview["steps"]!.AsArray();
        steps.Select(s => s!["type"]!.ToString()).ShouldBe(["EMAIL", "WAIT", "EMAIL", "SMS"]);
        steps.Select(s => s!["outcome"]!.ToString()).ShouldBe(["sent", "completed", "sent", "skipped"]);
        steps[3]!["skippedBecause"]!.ToString().ShouldBe("noSmsProvider");
        At(steps[0]!).ShouldBe(start, TimeSpan.FromSeconds(1));
        (At(steps[2]!) - At(steps[0]!)).ShouldBe(TimeSpan.FromDays(3));
        DateTimeOffset.Parse(steps[0]!["localTime"]!.ToString(), CultureInfo.InvariantCulture).ShouldBe(At(steps[0]!));
        steps[0]!["subject"]!.ToString().ShouldBe("Your offer on Main St 1");
        steps[0]!["html"]!.ToString().ShouldBe("<p>Hi Anna</p>");
        steps[0]!["removed"]!.AsArray().Select(r => $"{r!["what"]} at {r["where"]}").ShouldBe(["<script> at line 1"]);
        (steps[2]!["subject"]!.ToString(), steps[2]!["isReply"]!.GetValue<bool>()).ShouldBe(("Re: Your offer on Main St 1", true));
        steps[2]!["html"]!.ToString().ShouldBe("<p>1.250,50 € until 1. März 2026</p>");
        steps[2]!["variant"]!.ToString().ShouldBe("A");
        steps[3]!["text"]!.ToString().ShouldBe("Still interested in Main St 1?");

        // The real run, with the same outcomes.
        var id = (await Alice.Post($"{sequence}/instances", $$"""{ {{Anna}} }""")).ShouldBe(201).Id;
        await Eventually.Holds(() => Task.FromResult(SendGrid.Accepted.Any(m => m.InstanceId == Guid.Parse(id))), "the first mail is sent");
        var mail = SendGrid.Accepted.Single(m => m.InstanceId == Guid.Parse(id));
        (mail.Subject, mail.Html, mail.Text).ShouldBe(
            (steps[0]!["subject"]!.ToString(), steps[0]!["html"]!.ToString(), steps[0]!["text"]!.ToString())
        );
    }

    [Fact]
    public async Task A_preview_of_unsaved_steps_names_missing_values_and_assumptions()
    {
        var preview = (
            await Alice.Post(
                "/api/preview",
                $$"""
                { "steps": {{Steps}}, "recipient": { "email": "anna@example.com" },
                  "assume": { "pauses": [ { "step": 1, "for": "P2D" } ], "skipped": [ 0 ] } }
                """
            )
        ).ShouldBe(200).Json;

        var steps = preview["steps"]!.AsArray();
        steps[0]!["missing"]!.AsArray().Select(m => m!.ToString()).ShouldBe(["offer.address"]);
        (steps[0]!["outcome"]!.ToString(), steps[0]!["skippedBecause"]!.ToString()).ShouldBe(("skipped", "assumed"));
        // A missing value: the real step would fail. The preview shows the following steps nevertheless.
        (steps[2]!["outcome"]!.ToString(), steps[2]!["skippedBecause"]).ShouldBe(("failed", null));
        steps.Count.ShouldBe(4);
        (At(steps[1]!) - At(steps[0]!)).ShouldBe(TimeSpan.FromDays(5), TimeSpan.FromSeconds(1));
        steps[1]!["moved"]!.AsArray().Select(m => m!["reason"]!.ToString()).ShouldBe(["paused"]);
        // The first mail was not sent, so there is nothing to reply to.
        (steps[2]!["subject"]!.ToString(), steps[2]!["isReply"]!.GetValue<bool>()).ShouldBe(("Following up", false));
        steps[2]!["variant"]!.ToString().ShouldBe("B");
        preview["timeZone"]!.ToString().ShouldBe("Etc/UTC");
    }

    [Fact]
    public async Task A_sequence_is_previewed_with_other_steps_under_its_own_schedule()
    {
        var sequence = await Alice.Sequence(
            """{"name":"Offer","schedule":{"timeZone":"Europe/Berlin","from":"09:00","to":"17:00"},"steps":[{"type":"EMAIL"}]}"""
        );
        async Task<Answer> Preview(string steps) =>
            await Alice.Post(
                $"{sequence}/preview",
                $$"""{ "recipient": { "email": "a@example.com" }, "startAt": "2027-03-28T00:10:00Z", "steps": {{steps}} }"""
            );

        var preview = (
            await Preview("""[ { "type": "EMAIL", "subject": "{{ sequence.name }} {{ step.count }}", "body": "x", "at": "10:30" } ]""")
        )
            .ShouldBe(200)
            .Json["steps"]!;

        preview[0]!["subject"]!.ToString().ShouldBe("Offer 1");
        preview[0]!["localTime"]!.ToString().ShouldBe("2027-03-28T10:30:00+02:00");
        (await Preview("""[ { "type": "EMAIL", "at": "18:00" } ]""")).ShouldBe(400).Fields.ShouldBe(["steps[0].at"]);
        (await Preview("""[ { "type": "EMAIL", "body": "{{ x" } ]""")).ShouldBe(400).Fields.ShouldBe(["steps[0].body"]);
        (await Preview("[]")).ShouldBe(400).Fields.ShouldBe(["steps"]);
    }

    [Fact]
    public async Task A_preview_names_holidays_clock_changes_caps_and_gaps()
    {
        (await Alice.Post("/api/calendars", """{ "name": "Feiertage", "dates": [ "2027-03-29" ] }""")).ShouldBe(201);
        async Task<JsonArray> Steps(string at, string start, string steps, string holidays = "") => (
                await Alice.Post(
                    "/api/preview",
                    $$"""
                    { "steps": [ { "type": "EMAIL"{{at}} } {{steps}} ], "recipient": { "email": "a@example.com" }, "startAt": "{{start}}",
                      "schedule": { "timeZone": "Europe/Berlin" {{holidays}} } }
                    """
                )
            ).ShouldBe(200).Json["steps"]!.AsArray();
        static string Moved(JsonNode? step) => string.Join(' ', step!["moved"]!.AsArray().Select(m => m!["reason"]!.ToString()));

        var holiday = await Steps("", "2027-03-29T10:00:00Z", "", """, "holidays": "Feiertage" """);
        var spring = await Steps(""", "at": "02:30" """, "2027-03-27T12:00:00Z", "");
        (await Alice.Put("/api/limits", """{ "timeZone": "Europe/Berlin", "mailsPerDay": 1 }""")).ShouldBe(200);
        var cap = await Steps("", "2027-06-01T10:00:00Z", """, { "type": "EMAIL" } """);
        (await Alice.Put("/api/limits", """{ "timeZone": "Europe/Berlin", "minGap": "PT2H" }""")).ShouldBe(200);
        var gap = await Steps("", "2027-06-01T10:00:00Z", """, { "type": "EMAIL" } """);

        (Moved(holiday[0]), holiday[0]!["localTime"]!.ToString()).ShouldBe(("holiday", "2027-03-30T00:00:00+02:00"));
        (Moved(spring[0]), spring[0]!["localTime"]!.ToString()).ShouldBe(("at dst", "2027-03-28T03:00:00+02:00"));
        (Moved(cap[0]), Moved(cap[1]), cap[1]!["localTime"]!.ToString()).ShouldBe(("", "cap", "2027-06-02T00:00:00+02:00"));
        (Moved(gap[1]), gap[1]!["at"]!.ToString()).ShouldBe(("gap", "2027-06-01T12:00:00Z"));
    }

    [Fact]
    public async Task A_preview_counts_what_was_sent_today()
    {
        (await Alice.Put("/api/limits", """{ "perRecipientPerDay": 1, "minGap": "PT1H" }""")).ShouldBe(200);
        await Database.Execute(
            """
            INSERT INTO recipient_count (owner_id, address, day, taken)
            SELECT id, 'had@example.com', (now() AT TIME ZONE 'UTC')::date, 1 FROM app_user WHERE subject = 'alice';
            INSERT INTO send_count (owner_id, day, taken, last_at)
            SELECT id, (now() AT TIME ZONE 'UTC')::date, 1, now() FROM app_user WHERE subject = 'alice'
            ON CONFLICT (owner_id) DO UPDATE SET day = excluded.day, taken = 1, last_at = now()
            """
        );
        async Task<string[]> Moved(string email) =>
            [
                .. (await Alice.Post("/api/preview", $$"""{ "steps": [ { "type": "EMAIL" } ], "recipient": { "email": "{{email}}" } }"""))
                    .ShouldBe(200)
                    .Json["steps"]![0]!["moved"]!
                    .AsArray()
                    .Select(m => m!["reason"]!.ToString()),
            ];

        (await Moved("Had@example.com"))[0].ShouldBe("recipientCap");
        (await Moved("other@example.com")).ShouldBe(["gap"]);
        await Database.Execute("DELETE FROM send_count; DELETE FROM recipient_count");
    }

    [Fact]
    public async Task A_preview_names_the_reasons_that_move_each_step()
    {
        (await Alice.Put("/api/limits", """{ "timeZone": "Europe/Berlin", "perRecipientPerDay": 1 }""")).ShouldBe(200);
        const string Body = """
            { "steps": [ { "type": "EMAIL" }, { "type": "EMAIL" }, { "type": "WAIT", "delayDays": 1 }, { "type": "EMAIL", "at": "09:30" } ],
              "schedule": { "timeZone": "recipient", "fallbackTimeZone": "Europe/Berlin", "days": [ "monday", "tuesday", "wednesday", "thursday", "friday" ], "from": "09:00", "to": "17:00" },
              "recipient": { "email": "a@example.com", "timeZone": "Europe/Berlin" }, "startAt": "2027-03-26T19:00:00Z" }
            """;

        var preview = (await Alice.Post("/api/preview", Body)).ShouldBe(200).Json;

        // A Friday evening in Berlin; the clocks go forward on the Sunday after it.
        var steps = preview["steps"]!.AsArray();
        steps
            .Select(s => s!["localTime"]!.ToString())
            .ShouldBe(["2027-03-29T09:00:00+02:00", "2027-03-30T09:00:00+02:00", "2027-03-31T09:00:00+02:00", "2027-03-31T09:30:00+02:00"]);
        steps[0]!["moved"]!.AsArray().Select(m => m!["reason"]!.ToString()).ShouldBe(["window", "weekend"]);
        steps[1]!["moved"]!.AsArray().Select(m => m!["reason"]!.ToString()).ShouldBe(["recipientCap", "window"]);
        steps[3]!["moved"]!.AsArray().Select(m => m!["reason"]!.ToString()).ShouldBe(["at"]);
        preview["timeZone"]!.ToString().ShouldBe("Europe/Berlin");
        (await Alice.Put("/api/limits", "{}")).ShouldBe(200);
        (await Alice.Post("/api/preview", Body.Replace("17:00", "09:00"))).ShouldBe(400).Fields.ShouldBe(["schedule.to"]);
    }

    [Fact]
    public async Task A_link_in_a_preview_does_not_unsubscribe()
    {
        var html = (
            await Alice.Post(
                "/api/preview",
                """{ "steps": [ { "type": "EMAIL", "subject": "x", "body": "<a href=\"{{ unsubscribeUrl }}\">no more</a>" } ], "recipient": { "email": "anna@example.com" } }"""
            )
        )
            .ShouldBe(200)
            .Json["steps"]![0]!["html"]!.ToString();

        var link = html.Split('"')[1];
        link.ShouldStartWith(Anonymous.BaseAddress!.ToString());
        (await (await Anonymous.PostAsync(link, null)).Content.ReadAsStringAsync()).ShouldContain("Nothing was changed");
        (await Database.Read<long>("SELECT count(*) FROM suppression")).ShouldBe(0);
    }

    [Fact]
    public async Task A_sequence_lists_its_variables_and_round_trips()
    {
        var created = (await Alice.Post("/api/sequences", $$"""{"name":"Offer","steps":{{Steps}}}""")).ShouldBe(201);

        created.Json["variables"]!
            .AsArray()
            .Select(v => $"{v!["name"]} {v["required"]} {v["hasDefault"]} {string.Join(',', v["steps"]!.AsArray())}")
            .ShouldBe([
                "offer.address true false 0,2,3",
                "offer.price true false 2",
                "offer.until true false 2",
                "recipient.firstName false true 0",
                "recipient.timeZone true false 2",
            ]);
        var read = (await Alice.Get($"/api/sequences/{created.Id}")).Json;
        JsonNode.DeepEquals(read["variables"], created.Json["variables"]).ShouldBeTrue();
        JsonNode
            .DeepEquals(read["steps"]![2]!["variants"], JsonNode.Parse(Steps)![2]!["variants"])
            .ShouldBeTrue(read["steps"]!.ToJsonString());
        (await Alice.Put($"/api/sequences/{created.Id}", $$"""{"steps":{{read["steps"]!.ToJsonString()}}}""")).Json["version"]!
            .GetValue<int>()
            .ShouldBe(1);
        (await Alice.Get("/api/sequences")).Json["items"]![0]!["variables"].ShouldBeNull();
    }

    private static DateTimeOffset At(JsonNode step) => DateTimeOffset.Parse(step["at"]!.ToString(), CultureInfo.InvariantCulture);

    private Task<string> Rows() =>
        Database.Read<string>(
            "SELECT concat_ws(' ', (SELECT count(*) FROM sequence), (SELECT count(*) FROM instance), (SELECT count(*) FROM step_job), (SELECT count(*) FROM follow_up_event), (SELECT count(*) FROM message), (SELECT count(*) FROM attempt), (SELECT count(*) FROM suppression))"
        );
}
