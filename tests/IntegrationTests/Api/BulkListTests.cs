using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary>Lists as spreadsheets and CRMs write them, through the bulk call.</summary>
public sealed class BulkListTests(TestProgram program) : ApiTest(program)
{
    private const string Mail =
        """{"name":"M","steps":[{"type":"EMAIL","subject":"s","body":"<p>Hi {{ recipient.firstName | default: \"there\" }}</p>"}]}""";

    private const string List = "email\nkim@example.org\nlee@example.org\nsam@example.org\n";

    [Theory]
    [InlineData("email,name,city\nkim@example.org,Kim\nlee@example.org\nsam@example.org,Sam,Ulm\n", 3)]
    [InlineData("email,name,\nkim@example.org,Kim,\nlee@example.org,Lee,\n", 2)]
    [InlineData("sep=;\r\nE-Mail;Vorname\r\n;;\r\nkim@example.org\u00a0;Kim\r\n", 1)]
    public async Task A_CSV_list_of_a_spreadsheet_is_enrolled_unchanged(string csv, int enrolled)
    {
        var answer = (await Bulk(await Alice.Sequence(Mail), csv)).ShouldBe(200);

        Counts(answer).ShouldBe((enrolled, enrolled, 0));
    }

    [Fact]
    public async Task First_and_last_names_are_fields_and_the_mapping_is_reported()
    {
        var sequence = await Alice.Sequence(Mail);

        var answer = (await Bulk(sequence, "email,firstName,lastName,Company\nkim@example.org,Kim,Berg,ACME\n")).ShouldBe(200);

        answer.Json["columns"]!
            .AsArray()
            .Select(each => $"{each!["column"]}={each["field"]}")
            .ShouldBe([
                "email=recipient.email",
                "firstName=recipient.firstName",
                "lastName=recipient.lastName",
                "Company=variables.Company",
            ]);
        (
            await Database.Read<string>("SELECT first_name || '|' || last_name || '|' || name || '|' || variables::text FROM instance")
        ).ShouldBe("""Kim|Berg|Kim Berg|{"Company": "ACME"}""");
    }

    [Fact]
    public async Task Rows_that_another_tool_marks_as_unwanted_are_enrolled_with_a_warning()
    {
        var answer = (
            await Bulk(
                await Alice.Sequence(Mail),
                "EMAIL;SMS;Time Zone;EMAIL_BLACKLISTED\na@x.example;+33612345678;Europe/Paris;no\nb@x.example;;;yes\nc@x.example;;;1\n"
            )
        ).ShouldBe(200);

        Counts(answer).ShouldBe((3, 3, 0));
        var warning = answer.Json["warnings"]!.AsArray().ShouldHaveSingleItem()!;
        (warning["line"]!.GetValue<int>(), warning["code"]!.ToString(), warning["rows"]!.GetValue<int>()).ShouldBe((3, "optedOut", 2));
        warning["message"]!.ToString().ShouldContain("EMAIL_BLACKLISTED");
        (await Database.Read<string>("SELECT phone || ' ' || time_zone FROM instance WHERE email = 'a@x.example'")).ShouldBe(
            "+33612345678 Europe/Paris"
        );
    }

    [Fact]
    public async Task A_column_map_overrides_the_header_and_a_wrong_map_is_rejected()
    {
        var sequence = await Alice.Sequence(Mail);

        var mapped = (
            await Bulk(sequence, "Kontakt,Vorname\nkim@example.org,Kim\n", "?map=Kontakt:email&map=Vorname:variables.nick")
        ).ShouldBe(200);
        var wrong = (await Bulk(sequence, "email\nlee@example.org\n", "?map=email:colour")).ShouldBe(400);
        var unknown = (await Bulk(sequence, "email\nlee@example.org\n", "?map=Missing:name")).ShouldBe(400);

        Counts(mapped).ShouldBe((1, 1, 0));
        (await Database.Read<string>("SELECT variables->>'nick' FROM instance")).ShouldBe("Kim");
        wrong.Fields.ShouldBe(["map"]);
        unknown.Json["errors"]!["line 1"]![0]!.ToString().ShouldContain("The map names the column Missing");
    }

    [Fact]
    public async Task An_error_names_the_column_and_the_row()
    {
        var answer = (
            await Bulk(
                await Alice.Sequence(Mail),
                "E-Mail-Adresse;Beginn\njörg@example.org;\nkim@example.org;soon\n",
                "?map=Beginn:startAt"
            )
        ).ShouldBe(200);

        var errors = answer.Json["errors"]!.AsArray();
        errors.Select(error => $"{error!["line"]} {error["code"]}").ShouldBe(["2 invalid", "3 malformed"]);
        errors[0]!["message"]!.ToString().ShouldContain("recipient.email must have only ASCII letters before the @");
        errors[0]!["message"]!.ToString().ShouldEndWith("(column E-Mail-Adresse)");
        errors[1]!["message"]!
            .ToString()
            .ShouldBe("startAt must be an ISO 8601 instant with an offset, such as 2026-01-31T09:30:00Z (column Beginn).");
    }

    [Fact]
    public async Task A_dry_run_answers_as_the_real_call_and_stores_nothing()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        (await Bulk(sequence, "email\nknown@example.org\n")).ShouldBe(200);
        await Database.Execute(
            "INSERT INTO suppression (id, owner_id, channel, address, reason, created_at) SELECT gen_random_uuid(), owner_id, 'EMAIL', 'never@example.org', 'unsubscribed', now() FROM sequence LIMIT 1"
        );
        const string Rows = "email\nkim@example.org\nknown@example.org\nnever@example.org\nno address\nKIM@example.org\n";

        var dry = (await Bulk(sequence, Rows, "?dryRun=true", ("Idempotency-Key", "dry"))).ShouldBe(200);
        var stored = await Database.Read<long>("SELECT count(*) FROM instance");
        var real = (await Bulk(sequence, Rows, "", ("Idempotency-Key", "dry"))).ShouldBe(200);

        stored.ShouldBe(1);
        Counts(dry).ShouldBe((5, 1, 4));
        dry.Text.ShouldBe(real.Text);
        (await Bulk(sequence, Rows, "?dryRun=maybe")).ShouldBe(400).Fields.ShouldBe(["dryRun"]);
    }

    [Fact]
    public async Task A_repeated_list_reports_what_it_has_stored_although_the_sequence_was_disabled_meanwhile()
    {
        var sequence = await Interrupted();
        (await Alice.Put(sequence, """{"enabled":false}""")).ShouldBe(200);

        var repeated = (await Bulk(sequence, List, "", ("Idempotency-Key", "once"))).ShouldBe(200);

        Counts(repeated).ShouldBe((3, 1, 2));
        Errors(repeated).ShouldBe(["3 sequenceDisabled", "4 sequenceDisabled"]);
        (await Bulk(sequence, List, "", ("Idempotency-Key", "another"))).ShouldBe(409).Code.ShouldBe("sequenceDisabled");
    }

    [Fact]
    public async Task A_repeated_list_is_finished_once_its_sequence_is_enabled_again()
    {
        var sequence = await Interrupted();
        (await Alice.Put(sequence, """{"enabled":false}""")).ShouldBe(200);
        (await Bulk(sequence, List, "", ("Idempotency-Key", "once"))).ShouldBe(200);
        (await Alice.Put(sequence, """{"enabled":true}""")).ShouldBe(200);

        var finished = (await Bulk(sequence, List, "", ("Idempotency-Key", "once"))).ShouldBe(200);

        Counts(finished).ShouldBe((3, 2, 1));
        Errors(finished).ShouldBe(["3 alreadyEnrolled"]);
        (await Bulk(sequence, List, "", ("Idempotency-Key", "once"))).Text.ShouldBe(finished.Text);
    }

    [Fact]
    public async Task Bulk_enrolment_warns_of_values_that_a_step_cannot_read()
    {
        var sequence = await Alice.Sequence(
            """{"name":"V","steps":[{"type":"EMAIL","subject":"s","body":"{% if variables.price > 1000 %}big{% endif %}{{ variables.until | date: 'long' }}"}]}"""
        );

        var answer = (
            await Bulk(
                sequence,
                "email,price,until,phone\na@example.org,900,01.02.2027,\nb@example.org,abc,01.02.2027,4.9E+12\nc@example.org,900,01/02/2027,\n",
                "?dryRun=true"
            )
        ).ShouldBe(200);

        Counts(answer).ShouldBe((3, 3, 0));
        var warnings = answer.Json["warnings"]!.AsArray().Select(each => $"{each!["line"]} {each["code"]} {each["message"]}").ToList();
        warnings.Count.ShouldBe(3);
        warnings.ShouldContain(each => each.StartsWith("3 phoneIgnored", StringComparison.Ordinal) && each.Contains("4.9E+12"));
        warnings.ShouldContain(each => each.StartsWith("3 cannotRender", StringComparison.Ordinal) && each.Contains("'abc'"));
        warnings.ShouldContain(each => each.StartsWith("4 cannotRender", StringComparison.Ordinal) && each.Contains("'01/02/2027'"));
    }

    [Fact]
    public async Task Warnings_name_a_no_that_counts_as_true_and_a_variable_name_with_a_dot()
    {
        var sequence = await Alice.Sequence(
            """{"name":"V","steps":[{"type":"WAIT","delayDays":1},{"type":"EMAIL","subject":"s","body":"{% if variables.vip %}VIP{% endif %}{{ variables[\"Nr.\"] }}"}]}"""
        );

        var answer = (await Bulk(sequence, "email,vip,Nr.\na@example.org,false,1\nb@example.org,no,2\nc@example.org,No,\n")).ShouldBe(200);

        answer.Json["warnings"]!
            .AsArray()
            .Select(each => $"{each!["line"]} {each["code"]}")
            .ShouldBe(["3 textAsCondition", "4 missingVariable", "4 textAsCondition"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_CSV_value_has_the_same_meaning_as_in_JSON()
    {
        var sequence = await Alice.Sequence(
            """{"name":"V","steps":[{"type":"EMAIL","subject":"s","body":"<p>{{ variables.at | date: '%Y-%m-%d' }} {{ variables.until | date: 'long', 'Europe/Berlin', 'de' }} {% if variables.price > 1000 %}big{% else %}small{% endif %} {% if variables.vip %}VIP{% else %}plain{% endif %}</p>"}]}"""
        );

        (await Bulk(sequence, "email,at,until,price,vip\nkim@example.org,1798761600,01.02.2027,900,false\n")).ShouldBe(200);

        await Eventually.Holds(async () => await Database.Read<long>("SELECT count(*) FROM message") == 1, "the mail is out");
        (await Database.Read<string>("SELECT text FROM message")).Trim().ShouldBe("2027-01-01 1. Februar 2027 small plain");
    }

    [Theory]
    [InlineData(65)]
    [InlineData(65_000)]
    public async Task A_header_that_nests_too_deeply_is_a_bad_request(int levels)
    {
        var csv = $"email,{string.Join('.', Enumerable.Repeat("a", levels))}\nx@example.com,1\n";

        (await Bulk(await Alice.Sequence(Mail), csv)).ShouldBe(400).Fields.ShouldBe(["line 1"]);
    }

    /// <summary>
    /// A sequence whose keyed call with <see cref="List"/> was interrupted after Kim's row. Lee was enrolled by another call before.
    /// </summary>
    private async Task<string> Interrupted()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        (await Bulk(sequence, "email\nlee@example.org\n")).ShouldBe(200);
        Counts((await Bulk(sequence, "email\nkim@example.org\n", "", ("Idempotency-Key", "once"))).ShouldBe(200)).ShouldBe((1, 1, 0));
        // The answer was not kept: the key has only the time of its first use, which is in the ids.
        await Database.Execute(
            """
            UPDATE idempotency_key SET answer = NULL, created_at = (
              SELECT to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0)
              FROM instance WHERE email = 'kim@example.org')
            """
        );
        return sequence;
    }

    private static IEnumerable<string> Errors(Answer answer) =>
        answer.Json["errors"]!.AsArray().Select(error => $"{error!["line"]} {error["code"]}");

    private static (int Total, int Enrolled, int Rejected) Counts(Answer answer)
    {
        return (Of("total"), Of("enrolled"), Of("rejected"));

        int Of(string name) => answer.Json[name]!.GetValue<int>();
    }

    private Task<Answer> Bulk(string sequence, string csv, string query = "", params (string, string)[] headers) =>
        Alice.Send(HttpMethod.Post, $"{sequence}/instances/bulk{query}", csv, "text/csv", headers);
}
