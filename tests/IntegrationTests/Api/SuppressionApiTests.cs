using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary>Suppressions by hand: added, listed, exported, lifted.</summary>
public sealed class SuppressionApiTests(TestProgram program) : ApiTest(program)
{
    private const string Kim = """{"channel":"EMAIL","address":"Kim@Example.org","reason":"unsubscribed"}""";

    [Fact]
    public async Task A_suppressed_address_cannot_be_enrolled_until_the_suppression_is_lifted()
    {
        var sequence = await Alice.Sequence("""{"name":"Offer","steps":[{"type":"EMAIL"}]}""");
        var added = (await Alice.Post("/api/suppressions", Kim)).ShouldBe(201);
        const string Enrolment = """{"recipient":{"email":"kim@example.org"}}""";

        (await Alice.Post($"{sequence}/instances", Enrolment)).ShouldBe(409).Code.ShouldBe("suppressed");
        (await Alice.Delete($"/api/suppressions/{added.Id}?reason=She%20asked%20for%20it")).ShouldBe(204);

        (await Alice.Post($"{sequence}/instances", Enrolment)).ShouldBe(201);
        (await Database.Read<string>("SELECT action || ': ' || subject || ' (' || reason || ')' FROM audit_entry")).ShouldBe(
            "suppressionLifted: EMAIL kim@example.org unsubscribed (She asked for it)"
        );
    }

    [Fact]
    public async Task Adding_a_suppressed_address_returns_the_existing_suppression()
    {
        var first = (await Alice.Post("/api/suppressions", Kim)).ShouldBe(201);
        var again = (await Alice.Post("/api/suppressions", """{"address":"KIM@example.org","reason":"bounced"}""")).ShouldBe(200);

        again.Id.ShouldBe(first.Id);
        again.Json["reason"]!.ToString().ShouldBe("unsubscribed");
        (first.Json["source"]!.ToString(), first.Json["address"]!.ToString()).ShouldBe(("user", "kim@example.org"));
    }

    [Fact]
    public async Task A_domain_in_unicode_and_its_A_labels_are_one_address()
    {
        var first = (await Alice.Post("/api/suppressions", """{"email":"info@bücher.example"}""")).ShouldBe(201);

        (await Alice.Post("/api/suppressions", """{"email":"info@xn--bcher-kva.example"}""")).ShouldBe(200).Id.ShouldBe(first.Id);
        first.Json["address"]!.ToString().ShouldBe("info@bücher.example");
    }

    [Fact]
    public async Task A_telephone_number_is_suppressed_in_its_international_form()
    {
        var added = (await Alice.Post("/api/suppressions", """{"phone":"+44 (0)20 7946 0123"}""")).ShouldBe(201);

        (added.Json["channel"]!.ToString(), added.Json["address"]!.ToString()).ShouldBe(("SMS", "+442079460123"));
    }

    [Theory]
    [InlineData("""{}""", "address")]
    [InlineData("""{"address":"no-address"}""", "address")]
    [InlineData("""{"email":"a@b.example","phone":"+4915112345678"}""", "address")]
    [InlineData("""{"channel":"FAX","address":"a@b.example"}""", "channel")]
    [InlineData("""{"address":"a@b.example","reason":"goal"}""", "reason")]
    [InlineData("""{"phone":"12"}""", "phone")]
    [InlineData("""{"adress":"a@b.example"}""", "adress")]
    public async Task A_wrong_suppression_is_refused_by_its_field(string body, string field) =>
        (await Alice.Post("/api/suppressions", body)).ShouldBe(400).Fields.ShouldBe([field]);

    [Fact]
    public async Task The_list_is_filtered_and_paged()
    {
        foreach (var (address, reason) in new[] { ("a@x.example", "bounced"), ("ab@x.example", "manual"), ("b%@x.example", "manual") })
        {
            (await Alice.Post("/api/suppressions", $$"""{"address":"{{address}}","reason":"{{reason}}"}""")).ShouldBe(201);
        }

        (await Addresses("?limit=2")).ShouldBe(["b%@x.example", "ab@x.example"]);
        var cursor = (await Alice.Get("/api/suppressions?limit=2")).Json["nextCursor"]!.ToString();
        (await Addresses($"?limit=2&cursor={cursor}")).ShouldBe(["a@x.example"]);
        (await Addresses("?q=A")).ShouldBe(["ab@x.example", "a@x.example"]);
        (await Addresses("?q=b%25")).ShouldBe(["b%@x.example"]);
        (await Addresses("?q=%25")).ShouldBe([]);
        (await Addresses("?reason=bounced&channel=EMAIL")).ShouldBe(["a@x.example"]);
        (await Alice.Get("/api/suppressions?reason=goal")).ShouldBe(400).Fields.ShouldBe(["reason"]);
        (await Alice.Get("/api/suppressions?cursor=x")).ShouldBe(400).Fields.ShouldBe(["cursor"]);
        (await Bob.Get("/api/suppressions")).Json["items"]!.AsArray().ShouldBeEmpty();

        async Task<string[]> Addresses(string query) =>
            [
                .. (await Alice.Get($"/api/suppressions{query}")).ShouldBe(200).Json["items"]!
                    .AsArray()
                    .Select(s => s!["address"]!.ToString()),
            ];
    }

    [Fact]
    public async Task The_list_is_exported_as_CSV()
    {
        await Alice.Post("/api/suppressions", Kim);
        await Alice.Post("/api/suppressions", """{"phone":"+4915112345678"}""");

        var csv = await Alice.Get("/api/suppressions", ("Accept", "text/csv"));

        var lines = csv.ShouldBe(200).Text.TrimEnd().Split("\r\n");
        lines[0].ShouldBe("id,channel,address,reason,createdAt,source");
        lines[1].ShouldContain(",SMS,'+4915112345678,manual,");
        lines[2].ShouldContain(",EMAIL,kim@example.org,unsubscribed,");
    }

    [Fact]
    public async Task Lifting_a_suppression_needs_a_reason_and_after_a_complaint_a_confirmation()
    {
        var complaint = (await Alice.Post("/api/suppressions", """{"address":"kim@example.org","reason":"complained"}""")).ShouldBe(201).Id;

        (await Alice.Delete($"/api/suppressions/{complaint}")).ShouldBe(400).Fields.ShouldBe(["reason"]);
        (await Alice.Delete($"/api/suppressions/{complaint}?reason=mistake")).ShouldBe(409).Code.ShouldBe("confirmationRequired");
        (await Alice.Delete($"/api/suppressions/{complaint}?reason=mistake&confirm=yes")).ShouldBe(400).Fields.ShouldBe(["confirm"]);
        (await Bob.Delete($"/api/suppressions/{complaint}?reason=mistake&confirm=true")).ShouldBe(404);
        (await Alice.Delete($"/api/suppressions/{complaint}?reason=mistake&confirm=true")).ShouldBe(204);
        (await Alice.Delete($"/api/suppressions/{complaint}?reason=mistake&confirm=true")).ShouldBe(404);
    }

    [Fact]
    public async Task A_list_of_another_tool_is_imported_without_its_unreadable_rows()
    {
        await Alice.Post("/api/suppressions", Kim);
        const string Csv =
            "Email Address;Status;Reason\nkim@example.org;gone;bounced\nann@example.org;gone;\nno-address;gone;\nann@example.org;gone;\n;;\n";

        var answer = (await Alice.Send(HttpMethod.Post, "/api/suppressions/bulk", Csv, "text/csv")).ShouldBe(200).Json;

        answer["total"]!.GetValue<int>().ShouldBe(4);
        (answer["added"]!.GetValue<int>(), answer["existing"]!.GetValue<int>(), answer["rejected"]!.GetValue<int>()).ShouldBe((1, 2, 1));
        answer["errors"]![0]!
            .ToJsonString()
            .ShouldBe("""{"line":4,"code":"invalid","message":"email must be a mail address, alone and on one line"}""");
        (await Alice.Get("/api/suppressions?q=ann")).Json["items"]![0]!["source"]!.ToString().ShouldBe("import");
    }

    [Fact]
    public async Task An_export_can_be_imported_by_another_user()
    {
        await Alice.Post("/api/suppressions", Kim);
        await Alice.Post("/api/suppressions", """{"phone":"+4915112345678"}""");
        var csv = (await Alice.Get("/api/suppressions", ("Accept", "text/csv"))).Text;

        var answer = (await Bob.Send(HttpMethod.Post, "/api/suppressions/bulk", csv, "text/csv")).ShouldBe(200);

        answer.Json["added"]!.GetValue<int>().ShouldBe(2, answer.Text);
        (await Bob.Get("/api/suppressions?channel=SMS")).Json["items"]![0]!["address"]!.ToString().ShouldBe("+4915112345678");
    }

    [Fact]
    public async Task More_rows_than_a_batch_are_stored_and_NDJSON_is_read_too()
    {
        var rows = string.Join('\n', Enumerable.Range(0, 2_500).Select(i => $$"""{"email":"p{{i}}@example.org","reason":"bounced"}"""));

        var answer = (await Alice.Send(HttpMethod.Post, "/api/suppressions/bulk", rows, "application/x-ndjson")).ShouldBe(200);

        answer.Json["added"]!.GetValue<int>().ShouldBe(2_500);
        (await Alice.Send(HttpMethod.Post, "/api/suppressions/bulk", rows, "application/x-ndjson")).Json["existing"]!
            .GetValue<int>()
            .ShouldBe(2_500);
    }

    [Theory]
    [InlineData("text/csv", "first,last\nKim,Berg\n", 400)]
    [InlineData("text/csv", "", 400)]
    [InlineData("application/json", "{}", 415)]
    public async Task An_unreadable_list_is_rejected_as_a_whole(string type, string body, int status) =>
        (await Alice.Send(HttpMethod.Post, "/api/suppressions/bulk", body, type)).ShouldBe(status);

    [Fact]
    public async Task A_repeated_import_with_an_idempotency_key_gets_the_first_response()
    {
        var first = await Alice.Post("/api/suppressions", Kim, ("Idempotency-Key", "s-1"));
        var again = await Alice.Post("/api/suppressions", Kim, ("Idempotency-Key", "s-1"));

        (first.ShouldBe(201).Id, again.ShouldBe(201).Text).ShouldBe((again.Id, first.Text));
    }
}
