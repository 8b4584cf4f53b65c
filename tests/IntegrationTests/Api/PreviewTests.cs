using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary>See it before it happens: previews, test mails, and what a sequence says about its variables.</summary>
public sealed class PreviewTests(TestProgram program) : ApiTest(program)
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
    public async Task A_preview_says_in_which_channels_the_person_gets_nothing()
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
    public async Task A_step_that_cannot_be_rendered_for_somebody_fails_and_the_others_are_shown()
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
    public async Task A_preview_is_what_then_happens_and_stores_nothing()
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

        // The real thing, with the same words.
        var id = (await Alice.Post($"{sequence}/instances", $$"""{ {{Anna}} }""")).ShouldBe(201).Id;
        await Eventually.Holds(() => Task.FromResult(SendGrid.Accepted.Any(m => m.InstanceId == Guid.Parse(id))), "the first mail is sent");
        var mail = SendGrid.Accepted.Single(m => m.InstanceId == Guid.Parse(id));
        (mail.Subject, mail.Html, mail.Text).ShouldBe(
            (steps[0]!["subject"]!.ToString(), steps[0]!["html"]!.ToString(), steps[0]!["text"]!.ToString())
        );
    }

    [Fact]
    public async Task Steps_that_are_not_saved_are_previewed_with_their_holes_and_assumptions()
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
        // A hole: the real step would fail. The steps after it are shown all the same.
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
    public async Task A_preview_says_what_moves_each_step()
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
    public async Task A_link_in_a_preview_unsubscribes_nobody()
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
    public async Task A_template_that_is_too_much_is_refused_with_its_field()
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
    public async Task A_template_that_never_works_is_refused_when_it_is_saved(string body, string error)
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
    public async Task All_the_templates_of_a_request_together_are_bounded_too()
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
    public async Task A_template_that_writes_out_what_nothing_gives_is_refused(string body) => (
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
        ).ShouldBe(400).Json["errors"]!["steps[0].body"]![0]!.ToString().ShouldContain("which nothing gives");

    [Fact]
    public async Task A_sequence_lists_the_variables_that_it_reads_and_reads_back_as_it_was_written()
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

    [Fact]
    public async Task A_test_mail_is_marked_and_leaves_no_trace()
    {
        var sequence = await Alice.Sequence($$"""{"name":"Offer","steps":{{Steps}}}""");
        var before = await Rows();

        var answer = (
            await Alice.Post(
                $"{sequence}/test-send",
                """{ "to": "me@example.com", "step": 0, "variables": { "offer": { "address": "Elm St" } } }"""
            )
        )
            .ShouldBe(200)
            .Json;

        (answer["outcome"]!.ToString(), answer["subject"]!.ToString()).ShouldBe(("accepted", "[Test] Your offer on Elm St"));
        var mail = SendGrid.Accepted.Single(m => m.To == "me@example.com");
        (mail.Subject, mail.Header("X-FollowUp-Test"), mail.AttemptId).ShouldBe(("[Test] Your offer on Elm St", "true", Guid.Empty));
        (await Rows()).ShouldBe(before);
    }

    [Fact]
    public async Task A_test_of_a_follow_up_is_the_reply_that_it_will_be()
    {
        var dora = await As("dora");
        var sequence = await dora.Sequence($$"""{"name":"Offer","steps":{{Steps}}}""");
        async Task<JsonNode> Send(string variant) =>
            (await dora.Post($"{sequence}/test-send", $$"""{ "to": "dora@example.com", "step": 2, "variant": "{{variant}}", {{Anna}} }"""))
                .ShouldBe(200)
                .Json;

        (await Send("A"))["subject"]!.ToString().ShouldBe("[Test] Re: Your offer on Main St 1");
        await Send("B");

        var mails = SendGrid.Accepted.Where(m => m.To == "dora@example.com").ToList();
        mails.Select(m => m.Html).ShouldBe(["<p>1.250,50 € until 1. März 2026</p>", "<p>B Main St 1</p>"]);
        // There is no such first mail, so none is named.
        mails.Select(m => m.Header("In-Reply-To")).ShouldBe([null, null]);
        // The first mail's subject is needed, its body is not.
        var two = await dora.Sequence(
            """{"name":"x","steps":[{"type":"EMAIL","subject":"Hi","body":"{{ offer.price }}"},{"type":"EMAIL","body":"Well?"}]}"""
        );
        (await dora.Post($"{two}/test-send", """{ "to": "dora@example.com", "step": 1 }""")).ShouldBe(200).Json["subject"]!
            .ToString()
            .ShouldBe("[Test] Re: Hi");
        (await dora.Post($"{sequence}/test-send", """{ "to": "dora@example.com", "step": 2.5 }"""))
            .ShouldBe(400)
            .Text.ShouldContain("whole number");
    }

    [Fact]
    public async Task A_test_mail_is_refused_where_a_real_one_would_be()
    {
        var sequence = await Alice.Sequence($$"""{"name":"Offer","steps":{{Steps}}}""");
        async Task<Answer> Send(string body) => await Alice.Post($"{sequence}/test-send", body);

        (await Send("""{ "to": "nobody", "step": 0 }""")).ShouldBe(400).Fields.ShouldBe(["to"]);
        (await Send("""{ "to": "a@example.com", "step": 1 }""")).ShouldBe(400).Fields.ShouldBe(["step"]);
        (await Send("""{ "to": "a@example.com", "step": 0 }""")).ShouldBe(400).Fields.ShouldBe(["variables"]);
        (await Send("""{ "to": "a@example.com", "step": 2, "variant": "Z" }""")).ShouldBe(400).Fields.ShouldBe(["variant"]);
        (await Bob.Post($"{sequence}/test-send", """{ "to": "a@example.com", "step": 0 }""")).ShouldBe(404);
        await Database.Execute(
            "INSERT INTO suppression (id, owner_id, channel, address, reason, created_at) SELECT gen_random_uuid(), id, 'EMAIL', 'no@example.com', 'unsubscribed', now() FROM app_user WHERE subject = 'alice'"
        );
        var refused = await Send("""{ "to": "No@example.com", "step": 0, "variables": { "offer": { "address": "x" } } }""");
        refused.ShouldBe(409).Code.ShouldBe("suppressed");
        SendGrid.Accepted.ShouldNotContain(m =>
            m.To.EndsWith("@example.com", StringComparison.Ordinal)
            && m.Subject.StartsWith("[Test]", StringComparison.Ordinal)
            && m.To != "me@example.com"
        );
    }

    [Fact]
    public async Task Test_mails_are_few_a_minute()
    {
        var carol = await As("carol");
        var sequence = await carol.Sequence("""{"name":"x","steps":[{"type":"EMAIL"}]}""");

        var answers = new List<Answer>();
        for (var i = 0; i < 12; i++)
        {
            answers.Add(await carol.Post($"{sequence}/test-send", """{ "to": "me@example.com", "step": 5 }"""));
        }

        answers.Count(a => (int)a.Status == 429).ShouldBeGreaterThan(0);
        answers.First(a => (int)a.Status == 429).Headers.RetryAfter.ShouldNotBeNull();
    }

    private static DateTimeOffset At(JsonNode step) => DateTimeOffset.Parse(step["at"]!.ToString(), CultureInfo.InvariantCulture);

    private Task<string> Rows() =>
        Database.Read<string>(
            "SELECT concat_ws(' ', (SELECT count(*) FROM sequence), (SELECT count(*) FROM instance), (SELECT count(*) FROM step_job), (SELECT count(*) FROM follow_up_event), (SELECT count(*) FROM message), (SELECT count(*) FROM attempt), (SELECT count(*) FROM suppression))"
        );
}
