using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

public sealed class InstanceApiTests(TestProgram program) : ApiTest(program)
{
    private const string Anna = """{"recipient":{"email":"anna@example.com","name":"Anna"}}""";

    [Fact]
    public async Task Enrolling_returns_the_instance_and_its_location()
    {
        var sequence = await Alice.Sequence(MinimalSequence);

        var enrolled = (
            await Alice.Post(
                $"{sequence}/instances",
                """{"recipient":{"email":"Anna@Example.com","name":"Anna","phone":"+49 151 1234567","timeZone":"Europe/Berlin"},"variables":{"offer":{"address":"Main St"}},"offerId":"o-1"}"""
            )
        ).ShouldBe(201);

        enrolled.Headers.Location!.ToString().ShouldBe($"/api/instances/{enrolled.Id}");
        enrolled.Text.ShouldContain("""{"email":"Anna@Example.com","name":"Anna","phone":"+491511234567","timeZone":"Europe/Berlin"}""");
        (enrolled.Json["status"]!.ToString(), enrolled.Json["currentStep"]!.GetValue<int>()).ShouldBe(("ACTIVE", 0));
        enrolled.Json["nextDueAt"]!.ToString().ShouldEndWith("Z");
    }

    [Fact]
    public async Task Enrolling_twice_a_suppressed_address_or_into_a_disabled_sequence_is_a_conflict()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        var id = await Alice.Enroll(sequence);

        var twice = (await Alice.Post($"{sequence}/instances", Anna.Replace("anna", "ANNA"))).ShouldBe(409);
        await Alice.Post($"/api/instances/{id}/stop", """{"reason":"unsubscribed"}""");
        var suppressed = (await Alice.Post($"{sequence}/instances", Anna)).ShouldBe(409);
        await Alice.Put(sequence, """{"enabled":false}""");
        var disabled = (await Alice.Post($"{sequence}/instances", Anna.Replace("anna", "otto"))).ShouldBe(409);

        (twice.Code, twice.Json["id"]!.ToString()).ShouldBe(("alreadyEnrolled", id));
        suppressed.Code.ShouldBe("suppressed");
        disabled.Code.ShouldBe("sequenceDisabled");
    }

    [Fact]
    public async Task A_forbidden_transition_names_both_statuses()
    {
        var id = await Alice.Enroll(await Alice.Sequence(MinimalSequence));

        var resume = (await Alice.Post($"/api/instances/{id}/resume")).ShouldBe(409);
        var retry = (await Alice.Post($"/api/instances/{id}/retry")).ShouldBe(409);
        var skip = (await Alice.Post($"/api/instances/{id}/skip")).ShouldBe(409);
        var resolve = (await Alice.Post($"/api/instances/{id}/resolve", """{"outcome":"sent"}""")).ShouldBe(409);
        await Alice.Post($"/api/instances/{id}/stop", """{"reason":"manual"}""");
        var pause = (await Alice.Post($"/api/instances/{id}/pause")).ShouldBe(409);

        new[] { resume, retry, skip, resolve, pause }.ShouldAllBe(a => a.Code == "invalidTransition");
        (pause.Json["from"]!.ToString(), pause.Json["to"]!.ToString()).ShouldBe(("STOPPED", "PAUSED"));
    }

    [Theory]
    [InlineData("resume", """{"timing":"later"}""", "timing")]
    [InlineData("stop", """{}""", "reason")]
    [InlineData("stop", """{"reason":"because"}""", "reason")]
    [InlineData("stop", """{"reason":"1"}""", "reason")]
    [InlineData("resolve", """{"outcome":"maybe"}""", "outcome")]
    [InlineData("resolve", """{"outcome":"sent","why":1}""", "why")]
    public async Task An_unknown_enum_value_is_named(string verb, string body, string field)
    {
        var id = await Alice.Enroll(await Alice.Sequence(MinimalSequence));

        (await Alice.Post($"/api/instances/{id}/{verb}", body)).ShouldBe(400).Fields.ShouldBe([field]);
    }

    [Fact]
    public async Task The_list_is_filtered_by_sequence_status_email_and_attention()
    {
        var first = await Alice.Sequence(MinimalSequence);
        var second = await Alice.Sequence(MinimalSequence);
        await Alice.Enroll(first, "a@example.com");
        var paused = await Alice.Enroll(second, "B@example.com");
        await Alice.Post($"/api/instances/{paused}/pause");
        await Database.Execute("UPDATE instance SET attention = 'inDoubt' WHERE email = 'a@example.com'");

        async Task<int> Count(string query) => (await Alice.Get($"/api/instances?{query}")).ShouldBe(200).Json["items"]!.AsArray().Count;

        (await Count("")).ShouldBe(2);
        (await Count($"sequenceId={first.Split('/')[^1]}")).ShouldBe(1);
        (await Count("status=PAUSED")).ShouldBe(1);
        (await Count("status=COMPLETED")).ShouldBe(0);
        (await Count("email=b@EXAMPLE.com")).ShouldBe(1);
        (await Count("attention=true")).ShouldBe(1);
        (await Count("attention=inDoubt")).ShouldBe(1);
        (await Count("attention=false&email=b@example.com")).ShouldBe(1);
    }

    [Theory]
    [InlineData("/api/instances?limit=0", "limit")]
    [InlineData("/api/instances?limit=201", "limit")]
    [InlineData("/api/instances?limit=many", "limit")]
    [InlineData("/api/instances?cursor=rubbish", "cursor")]
    [InlineData("/api/instances?cursor=%00", "cursor")]
    [InlineData("/api/sequences?cursor=AAAA", "cursor")]
    [InlineData("/api/events?cursor=MXwyfDM", "cursor")]
    [InlineData("/api/instances?status=SLEEPING", "status")]
    [InlineData("/api/instances?attention=maybe", "attention")]
    [InlineData("/api/instances?sequenceId=7", "sequenceId")]
    [InlineData("/api/instances?email=%00", "email")]
    [InlineData("/api/events?from=yesterday", "from")]
    [InlineData("/api/events?to=2026-01-01T00:00:00", "to")]
    [InlineData("/api/events?type=%00", "type")]
    public async Task An_invalid_query_parameter_is_named(string path, string field) =>
        (await Alice.Get(path)).ShouldBe(400).Fields.ShouldBe([field]);

    [Fact]
    public async Task A_cursor_of_another_list_is_rejected()
    {
        await Alice.Sequence(MinimalSequence);
        var sequence = await Alice.Sequence(MinimalSequence);
        for (var i = 0; i < 51; i++)
        {
            await Alice.Enroll(sequence, $"{i}@example.com");
        }

        var ofSequences = (await Alice.Get("/api/sequences?limit=1")).Json["nextCursor"];
        var ofInstances = (await Alice.Get("/api/instances?limit=1")).Json["nextCursor"];
        var ofOneSequence = (await Alice.Get(sequence)).Json["instances"]!["nextCursor"];

        (await Alice.Get($"/api/instances?cursor={ofSequences}")).ShouldBe(400).Fields.ShouldBe(["cursor"]);
        (await Alice.Get($"/api/sequences?cursor={ofInstances}")).ShouldBe(400).Fields.ShouldBe(["cursor"]);
        var rest = (await Alice.Get($"/api/instances?cursor={ofOneSequence}")).ShouldBe(200).Json["items"]!.AsArray();
        rest.Select(i => i!["recipient"]!["email"]!.ToString()).ShouldBe(["0@example.com"]);
    }

    [Fact]
    public async Task A_CSV_with_a_bad_row_enrols_the_other_rows()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        await Alice.Enroll(sequence, "known@example.com");
        var csv = """
            Email,name,offer.address,timeZone
            a@example.com,"Ann, ""A"" Lee",Main St,Europe/Berlin
            not an address,Bob,Side St,
            b@example.com,Bob,2nd St,,surplus
            c@example.com,"Two
            lines",Third St,
            d@example.com,Dora,4th St,Mars/Base
            known@example.com,Known,5th St,
            A@example.com,Again,6th St,
            e@example.com,Eve,7th St,
            """.ReplaceLineEndings("\r\n");

        var answer = (await Alice.Send(HttpMethod.Post, $"{sequence}/instances/bulk", csv, "text/csv; charset=utf-8")).ShouldBe(200);

        (
            answer.Json["total"]!.GetValue<int>(),
            answer.Json["enrolled"]!.GetValue<int>(),
            answer.Json["rejected"]!.GetValue<int>()
        ).ShouldBe((8, 2, 6));
        answer.Json["errors"]!
            .AsArray()
            .Select(e => $"{e!["line"]} {e["code"]}")
            .ShouldBe(["3 invalid", "4 malformed", "5 invalid", "7 invalid", "8 alreadyEnrolled", "9 alreadyEnrolled"]);
        answer.Json["errors"]![0]!["message"]!.ToString().ShouldContain("recipient.email");
        (await Database.Read<string>("SELECT variables->'offer'->>'address' FROM instance WHERE email = 'a@example.com'")).ShouldBe(
            "Main St"
        );
        (await Database.Read<string>("SELECT name FROM instance WHERE email = 'a@example.com'")).ShouldBe("Ann, \"A\" Lee");
    }

    [Fact]
    public async Task NDJSON_is_read_line_by_line()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        var body = """
            {"recipient":{"email":"a@example.com"}}

            {"recipient":{"email":"b@example.com"},"surprise":1}
            {"recipient":
            {"recipient":{"email":"c@example.com"},"variables":{"n":1}}
            """;

        var answer = (await Alice.Send(HttpMethod.Post, $"{sequence}/instances/bulk", body, "application/x-ndjson")).ShouldBe(200);

        answer.Json["enrolled"]!.GetValue<int>().ShouldBe(2);
        answer.Json["errors"]!.AsArray().Select(e => $"{e!["line"]} {e["code"]}").ShouldBe(["3 malformed", "4 malformed"]);
        (await Database.Read<long>("SELECT count(*) FROM step_job")).ShouldBe(2);
    }

    [Fact]
    public async Task A_row_that_violates_a_constraint_does_not_fail_its_batch()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        var body = """
            {"recipient":{"email":"a@example.com"}}
            {"recipient":{"email":"b@example.com"},"variables":{"x":"\ud800"}}
            {"recipient":{"email":"c@example.com"},"variables":{"x":1e999999}}
            {"recipient":{"email":"d@example.com","name":"\u0000"}}
            {"recipient":{"email":"e@example.com"},"startAt":"2026-01-01T00:00:00"}
            {"recipient":{"email":"f@example.com"}}
            """;

        var answer = (await Alice.Send(HttpMethod.Post, $"{sequence}/instances/bulk", body, "application/x-ndjson")).ShouldBe(200);

        answer.Json["enrolled"]!.GetValue<int>().ShouldBe(2);
        answer.Json["errors"]!
            .AsArray()
            .Select(e => $"{e!["line"]} {e["code"]}")
            .ShouldBe(["2 invalid", "3 invalid", "4 malformed", "5 malformed"]);
    }

    [Fact]
    public async Task An_unclosed_quote_does_not_swallow_the_following_rows()
    {
        var sequence = await Alice.Sequence(MinimalSequence);

        var answer = (
            await Alice.Send(
                HttpMethod.Post,
                $"{sequence}/instances/bulk",
                "email,name\na@example.com,\"Ann\nb@example.com,Bob\nc@example.com,Carl\n",
                "text/csv"
            )
        ).ShouldBe(200);

        answer.Json["enrolled"]!.GetValue<int>().ShouldBe(2);
        answer.Json["errors"]!.AsArray().Select(e => $"{e!["line"]} {e["code"]}").ShouldBe(["2 malformed"]);
    }

    [Fact]
    public async Task A_bulk_body_may_exceed_the_size_limit_of_other_requests()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        var csv =
            "email,name\n" + string.Join('\n', Enumerable.Range(0, 20_000).Select(i => $"person{i}@example.com,{new string('x', 60)}"));

        var answer = (await Alice.Send(HttpMethod.Post, $"{sequence}/instances/bulk", csv, "text/csv")).ShouldBe(200);

        csv.Length.ShouldBeGreaterThan(1024 * 1024);
        answer.Json["enrolled"]!.GetValue<int>().ShouldBe(20_000);
        (await Database.Read<long>("SELECT count(*) FROM follow_up_event")).ShouldBe(20_000);
    }

    [Fact]
    public async Task A_repeated_enrolment_with_an_idempotency_key_gets_the_first_response()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        var csv = "email\na@example.com\nb@example.com\nrubbish\n";
        Task<Answer> Bulk(string body) =>
            Alice.Send(HttpMethod.Post, $"{sequence}/instances/bulk", body, "text/csv", ("Idempotency-Key", "many"));

        var one = (await Alice.Post($"{sequence}/instances", Anna, ("Idempotency-Key", "one"))).ShouldBe(201);
        var oneAgain = (await Alice.Post($"{sequence}/instances", Anna, ("Idempotency-Key", "one"))).ShouldBe(201);
        var many = (await Bulk(csv)).ShouldBe(200);
        var manyAgain = (await Bulk(csv)).ShouldBe(200);

        oneAgain.Text.ShouldBe(one.Text);
        many.Json["enrolled"]!.GetValue<int>().ShouldBe(2);
        manyAgain.Text.ShouldBe(many.Text);
        (await Bulk(csv + "c@example.com\n")).ShouldBe(409).Code.ShouldBe("idempotencyKeyReused");
        (await Database.Read<long>("SELECT count(*) FROM instance")).ShouldBe(3);
    }

    [Fact]
    public async Task A_bulk_call_that_is_rejected_before_its_body_is_read_gets_the_reason()
    {
        var sequence = await Alice.Sequence("""{"name":"Offer","steps":[{"type":"EMAIL"}]}""");

        (
            await Bob.Send(
                HttpMethod.Post,
                $"{sequence}/instances/bulk",
                "email\na@example.com",
                "text/csv",
                ("Idempotency-Key", "refused")
            )
        ).ShouldBe(404);
    }

    [Fact]
    public async Task An_interrupted_bulk_call_can_be_repeated_without_duplicate_enrolments()
    {
        var sequence = await Alice.Sequence("""{"name":"Offer","steps":[{"type":"EMAIL"}]}""");
        Task<Answer> Bulk(string body) =>
            Alice.Send(HttpMethod.Post, $"{sequence}/instances/bulk", body, "text/csv", ("Idempotency-Key", "broken"));
        var csv = "email\na@example.com\nb@example.com\na@example.com\n";
        await Database.Execute(
            """
            CREATE FUNCTION no_answer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'as if the process had ended here'; END $$;
            CREATE TRIGGER no_answer BEFORE UPDATE OF answer ON idempotency_key FOR EACH ROW WHEN (NEW.answer IS NOT NULL) EXECUTE FUNCTION no_answer();
            """
        );
        try
        {
            (await Bulk(csv)).ShouldBe(500);
        }
        finally
        {
            await Database.Execute("DROP FUNCTION no_answer CASCADE");
        }

        await Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM instance WHERE status = 'COMPLETED'") == 2,
            "both who were stored have had their mail"
        );
        var again = (await Bulk(csv)).ShouldBe(200);
        var third = (await Bulk(csv)).ShouldBe(200);

        (again.Json["enrolled"]!.GetValue<int>(), again.Json["rejected"]!.GetValue<int>()).ShouldBe((2, 1));
        third.Text.ShouldBe(again.Text);
        (await Database.Read<long>("SELECT count(*) FROM instance")).ShouldBe(2);
        (await Bulk(csv + "c@example.com\n")).ShouldBe(409).Code.ShouldBe("idempotencyKeyReused");
    }

    [Fact]
    public async Task Bulk_enrolment_rejects_an_unusable_body()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        Task<Answer> Bulk(string body, string type) => Alice.Send(HttpMethod.Post, $"{sequence}/instances/bulk", body, type);

        (await Bulk("{}", "application/json")).ShouldBe(415);
        (await Bulk("email\na@example.com", "text/csv; charset=koi8-r")).ShouldBe(415);
        (await Bulk("name\nAnna", "text/csv")).ShouldBe(400);
        (await Bulk("email,email\na@example.com,b@example.com", "text/csv")).ShouldBe(400);
        (await Bulk("", "text/csv")).ShouldBe(400);
        (await Bob.Send(HttpMethod.Post, $"{sequence}/instances/bulk", "email\na@example.com", "text/csv")).ShouldBe(404);
    }

    [Fact]
    public async Task The_log_can_be_filtered_and_streamed()
    {
        var sequence = await Alice.Sequence("""{"name":"=cmd|calc","steps":[{"type":"WAIT","delayDays":1}]}""");
        var id = await Alice.Enroll(sequence);
        await Alice.Post($"/api/instances/{id}/pause");
        await Bob.Enroll(await Bob.Sequence(MinimalSequence));

        var all = (await Alice.Get("/api/events")).ShouldBe(200);
        var paused = (await Alice.Get("/api/events?type=paused&from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00%2B01:00")).ShouldBe(200);
        var ndjson = (await Alice.Get("/api/events", ("Accept", "application/x-ndjson"))).ShouldBe(200);
        var csv = (await Alice.Get("/api/events", ("Accept", "text/csv"))).ShouldBe(200);

        all.Json["items"]!.AsArray().Select(e => e!["type"]!.ToString()).ShouldBe(["enrolled", "paused"]);
        all.Json["items"]![0]!
            .AsObject()
            .Select(p => p.Key)
            .ShouldBe(["id", "instanceId", "sequenceId", "version", "stepIndex", "type", "status", "content", "sentAt", "hash", "actor"]);
        paused.Json["items"]!.AsArray().Count.ShouldBe(1);
        ndjson.ContentType.ShouldBe("application/x-ndjson");
        ndjson.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
        csv.ContentType.ShouldBe("text/csv");
        csv.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(3);
        csv.Text.ShouldStartWith("id,instanceId,sequenceId,version,stepIndex,type,status,content,sentAt,hash");
    }

    [Fact]
    public async Task A_sequence_runs_from_the_enrolment_to_its_last_step()
    {
        var sequence = await Alice.Sequence(
            """{"name":"Quick","steps":[{"type":"EMAIL","subject":"Hi {{ recipient.firstName }}"},{"type":"SMS","message":"x"}]}"""
        );
        var id = await Alice.Enroll(sequence, "run@example.com");

        await Eventually.Holds(
            async () => (await Alice.Get($"/api/instances/{id}")).Json["status"]!.ToString() == "COMPLETED",
            "it is completed"
        );

        var timeline = (await Alice.Get($"/api/instances/{id}/events")).ShouldBe(200);
        timeline.Json["items"]!
            .AsArray()
            .Select(e => $"{e!["type"]} {e["status"]}".Trim())
            .ShouldBe(["enrolled", "EMAIL sent", "SMS skipped", "completed"]);
        SendGrid.Accepted.Count(m => m.To == "run@example.com" && m.Subject == "Hi Anna").ShouldBe(1);
        (await Alice.Get($"/api/instances/{id}/verify")).ShouldBe(200).Json["intact"]!.GetValue<bool>().ShouldBeTrue();
        (await Bob.Get($"/api/instances/{id}/events")).ShouldBe(404);
    }
}
