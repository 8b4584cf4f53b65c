using System.Text.Json.Nodes;

namespace FollowUp.IntegrationTests.Api;

public sealed partial class SandboxTests
{
    [Fact]
    public async Task An_unsubscribe_link_of_a_sandbox_works_only_in_that_sandbox()
    {
        var sequence = await Box.Sequence(TwoMails);
        var instance = await Enroll(sequence, "a@example.com");
        await Move("""{"advance":"PT0S"}""");
        var header = (await Messages()).Single()["headers"]!["List-Unsubscribe"]!.ToString();
        var link = new Uri(header.Trim('<', '>')).AbsolutePath;

        using var live = await Anonymous.PostAsync(link, null);
        ((int)live.StatusCode).ShouldBe(404);
        (await Database.Read<long>("SELECT count(*) FROM suppression")).ShouldBe(0);

        ((int)(await Box.Post(link)).Status).ShouldBe(200);

        (await Database.Read<long>("SELECT count(*) FROM suppression")).ShouldBe(0);
        (await Box.Get($"/api/instances/{instance}")).Json["stopReason"]!.ToString().ShouldBe("unsubscribed");
        (await Move("""{"advance":"P14D"}"""))["steps"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task A_test_mail_stays_in_the_sandbox_too()
    {
        var calls = SendGrid.Requests;
        var sequence = await Box.Sequence(TwoMails);

        (await Box.Post($"{sequence}/test-send", """{"to":"me@example.com","step":0}""")).ShouldBe(200);

        var mail = (await Messages()).Single();
        (mail["to"]!.ToString(), mail["instanceId"]).ShouldBe(("me@example.com", null));
        mail["headers"]!["X-FollowUp-Test"]!.ToString().ShouldBe("true");
        SendGrid.Requests.ShouldBe(calls);
    }

    [Fact]
    public async Task A_preview_in_a_sandbox_starts_at_the_sandbox_time()
    {
        await Move("""{"advance":"P100D"}""");
        var sequence = await Box.Sequence(TwoMails);

        var preview = (await Box.Post($"{sequence}/preview", """{"recipient":{"email":"a@example.com"}}""")).ShouldBe(200).Json;

        Instant(preview["steps"]![0]!["at"]).ShouldBe(await Now());
    }

    [Fact]
    public async Task A_clock_move_executes_a_migration_of_instances()
    {
        var sequence = await Box.Sequence(MinimalSequence);
        var instance = await Enroll(sequence, "a@example.com");
        (await Box.Put(sequence, """{"steps":[{"type":"WAIT","delayDays":3},{"type":"EMAIL","subject":"fixed"}]}""")).ShouldBe(200);
        var migration = (await Box.Post($"{sequence}/versions/2/migrate", """{"policy":"content"}""")).ShouldBe(202).Id;

        await Move("""{"advance":"P3D"}""");

        (await Box.Get($"{sequence}/migrations/{migration}")).Json["state"]!.ToString().ShouldBe("completed");
        (await Box.Get($"/api/instances/{instance}")).Json["version"]!.GetValue<int>().ShouldBe(2);
        (await Messages()).Single()["subject"]!.ToString().ShouldBe("fixed");
    }

    [Fact]
    public async Task Messages_are_paged_and_filtered()
    {
        var sequence = await Box.Sequence(TwoMails);
        var anna = await Enroll(sequence, "anna@example.com");
        await Enroll(sequence, "ben@example.com");
        await Move("""{"advance":"P3D"}""");

        var first = (await Box.Get("/api/sandbox/messages?limit=3")).ShouldBe(200).Json;
        var rest = (await Box.Get($"/api/sandbox/messages?limit=3&cursor={first["nextCursor"]}")).ShouldBe(200).Json;
        (first["items"]!.AsArray().Count, rest["items"]!.AsArray().Count).ShouldBe((3, 1));
        rest["nextCursor"].ShouldBeNull();
        (await Items("?recipient=ANNA@example.com")).ShouldAllBe(m => m["to"]!.ToString() == "anna@example.com");
        (await Items($"?instanceId={anna}")).Length.ShouldBe(2);
        (await Items($"?instanceId={Guid.NewGuid()}")).ShouldBeEmpty();
        foreach (
            var (query, field) in new[]
            {
                ("cursor=x", "cursor"),
                ("limit=0", "limit"),
                ("instanceId=x", "instanceId"),
                ("recipient=%00", "recipient"),
            }
        )
        {
            (await Box.Get($"/api/sandbox/messages?{query}")).ShouldBe(400).Fields.ShouldBe([field]);
        }

        async Task<JsonNode[]> Items(string query) =>
            [.. (await Box.Get($"/api/sandbox/messages{query}")).ShouldBe(200).Json["items"]!.AsArray().Select(m => m!)];
    }

    [Theory]
    [InlineData("""{}""", "advance")]
    [InlineData("""{"advance":null}""", "advance")]
    [InlineData("""{"advance":"P1D","to":"2030-01-01T00:00:00Z"}""", "advance")]
    [InlineData("""{"advance":""}""", "advance")]
    [InlineData("""{"advance":"P"}""", "advance")]
    [InlineData("""{"advance":"PT"}""", "advance")]
    [InlineData("""{"advance":"14 days"}""", "advance")]
    [InlineData("""{"advance":"-P14D"}""", "advance")]
    [InlineData("""{"advance":"P-14D"}""", "advance")]
    [InlineData("""{"advance":"P1DT-1S"}""", "advance")]
    [InlineData("""{"advance":"P11Y"}""", "advance")]
    [InlineData("""{"advance":"P10Y1D"}""", "advance")]
    [InlineData("""{"advance":"P999999999999999999999D"}""", "advance")]
    [InlineData("""{"advance":"PT9223372036854775807H"}""", "advance")]
    [InlineData("""{"advance":"P1D\u0000"}""", "advance")]
    [InlineData("""{"advance":14}""", "advance")]
    [InlineData("""{"to":"2020-01-01T00:00:00Z"}""", "to")]
    [InlineData("""{"to":"2500-01-01T00:00:00Z"}""", "to")]
    [InlineData("""{"to":"2030-01-01"}""", "to")]
    [InlineData("""{"advance":"P1D","by":"x"}""", "by")]
    public async Task An_invalid_clock_move_names_the_field_and_moves_nothing(string body, string field)
    {
        var before = await Now();

        (await Box.Post("/api/sandbox/clock", body)).ShouldBe(400).Fields.ShouldBe([field]);

        (await Now()).ShouldBe(before);
    }

    [Fact]
    public async Task The_clock_moves_by_any_duration_up_to_ten_years_in_total()
    {
        var begin = await Now();
        await Move("""{"advance":"P1Y2M1W"}""");
        await Move("""{"advance":"PT0.25S"}""");
        (await Now()).ShouldBe(begin.AddYears(1).AddMonths(2).AddDays(7).AddMilliseconds(250));

        (await Box.Post("/api/sandbox/clock", """{"advance":"P9Y"}""")).ShouldBe(400).Fields.ShouldBe(["advance"]);
    }

    [Fact]
    public async Task Keys_name_their_kind_and_live_and_sandbox_routes_reject_the_other_kind()
    {
        (await Alice.Post("/api/keys", """{"name":"k","kind":"toy"}""")).ShouldBe(400).Fields.ShouldBe(["kind"]);
        var live = (await Alice.Post("/api/keys", """{"name":"k"}""")).ShouldBe(201).Json;
        live["kind"]!.ToString().ShouldBe("live");
        (await Alice.Get("/api/keys")).Json["items"]!.AsArray().Select(k => k!["kind"]!.ToString()).ShouldBe(["live", "sandbox"]);
        (await Box.Get("/api/me")).Json["kind"]!.ToString().ShouldBe("sandbox");
        (await Alice.Get("/api/me")).Json["kind"]!.ToString().ShouldBe("live");

        foreach (var outside in new[] { Alice, WithKey(live["key"]!.ToString()) })
        {
            (await outside.Get("/api/sandbox/clock")).ShouldBe(403).Code.ShouldBe("sandboxKeyRequired");
            (await outside.Get("/api/sandbox/messages")).ShouldBe(403).Code.ShouldBe("sandboxKeyRequired");
            (await outside.Post("/api/sandbox/clock", """{"advance":"P1D"}""")).ShouldBe(403).Code.ShouldBe("sandboxKeyRequired");
            (await outside.Delete("/api/sandbox")).ShouldBe(403).Code.ShouldBe("sandboxKeyRequired");
        }

        (await Box.Get("/api/keys")).ShouldBe(403).Code.ShouldBe("sandboxKey");
        (await Box.Post("/api/keys", """{"name":"k"}""")).ShouldBe(403).Code.ShouldBe("sandboxKey");
        (await Box.Delete($"/api/keys/{live["id"]}")).ShouldBe(403).Code.ShouldBe("sandboxKey");
        (await Alice.Delete($"/api/keys/{live["id"]}")).ShouldBe(204);
    }
}
