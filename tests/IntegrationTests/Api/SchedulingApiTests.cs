using FollowUp.IntegrationTests.Support;
using Npgsql;

namespace FollowUp.IntegrationTests.Api;

public sealed class SchedulingApiTests(TestProgram program) : ApiTest(program)
{
    private const string Office =
        """{"timeZone":"Europe/Berlin","days":["monday","tuesday","wednesday","thursday","friday"],"from":"09:00","to":"17:00"}""";

    private const string Christmas =
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20251225\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    [Fact]
    public async Task A_schedule_is_stored_read_changed_and_removed()
    {
        var calendar = (await Alice.Post("/api/calendars", """{"name":"Off","dates":["2027-01-01"]}""")).ShouldBe(201).Id;
        var schedule = Office[..^1] + ""","holidays":"Off"}""";
        var path = await Alice.Sequence(
            $$"""{"name":"Offer","schedule":{{schedule}},"steps":[{"type":"WAIT","delayBusinessDays":2},{"type":"EMAIL","at":"09:30"},{"type":"SMS","message":"Hi","at":"16:00"}]}"""
        );

        var read = (await Alice.Get(path)).ShouldBe(200).Json;
        read["schedule"]!
            .ToJsonString()
            .ShouldBe(
                Office[..^1].Replace("\"days\"", "\"fallbackTimeZone\":null,\"days\"", StringComparison.Ordinal)
                    + $",\"holidays\":\"{calendar}\"}}"
            );
        read["steps"]![0]!["delayBusinessDays"]!.GetValue<int>().ShouldBe(2);
        read["steps"]!.AsArray().Skip(1).Select(s => s!["at"]!.ToString()).ShouldBe(["09:30", "16:00"]);

        var renamed = (await Alice.Put(path, """{"name":"Other"}""")).ShouldBe(200).Json;
        renamed["schedule"].ShouldNotBeNull();
        (await Alice.Put(path, """{"schedule":null}"""))
            .ShouldBe(400)
            .Fields.ShouldBe(["steps[0].delayBusinessDays", "steps[1].at", "steps[2].at"]);
        var without = (await Alice.Put(path, """{"schedule":null,"steps":[{"type":"EMAIL"}]}""")).ShouldBe(200).Json;
        without["schedule"].ShouldBeNull();
        without["version"]!.GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public async Task Writing_back_a_read_sequence_creates_no_version()
    {
        var path = await Alice.Sequence($$"""{"name":"Offer","schedule":{{Office}},"steps":[{"type":"EMAIL","at":"09:30"}]}""");
        var read = (await Alice.Get(path)).Json;

        var again = (
            await Alice.Put(path, $$"""{"schedule":{{read["schedule"]!.ToJsonString()}},"steps":{{read["steps"]!.ToJsonString()}}}""")
        )
            .ShouldBe(200)
            .Json;

        again["version"]!.GetValue<int>().ShouldBe(1);
        again["updatedAt"]!.ToString().ShouldBe(read["updatedAt"]!.ToString());
    }

    [Theory]
    [InlineData("""{"timeZone":"Mars/Olympus"}""", "schedule.timeZone")]
    [InlineData("""{}""", "schedule.timeZone")]
    [InlineData("""{"timeZone":"recipient"}""", "schedule.fallbackTimeZone")]
    [InlineData("""{"timeZone":"recipient","fallbackTimeZone":"recipient"}""", "schedule.fallbackTimeZone")]
    [InlineData("""{"timeZone":"Europe/Berlin","fallbackTimeZone":"Europe/Berlin"}""", "schedule.fallbackTimeZone")]
    [InlineData("""{"timeZone":"Europe/Berlin","days":[]}""", "schedule.days")]
    [InlineData("""{"timeZone":"Europe/Berlin","days":["Monday"]}""", "schedule.days")]
    [InlineData("""{"timeZone":"Europe/Berlin","days":[null]}""", "schedule.days")]
    [InlineData("""{"timeZone":"Europe/Berlin","from":"09:00","to":"09:00"}""", "schedule.to")]
    [InlineData("""{"timeZone":"Europe/Berlin","to":"00:00"}""", "schedule.to")]
    [InlineData("""{"timeZone":"Europe/Berlin","from":"9 o'clock"}""", "schedule.from")]
    [InlineData("""{"timeZone":"Europe/Berlin","to":"24:00"}""", "schedule.to")]
    [InlineData("""{"timeZone":"Europe/Berlin","holidays":"Nowhere"}""", "schedule.holidays")]
    [InlineData("""{"timeZone":"Europe/Berlin","window":1}""", "schedule.window")]
    [InlineData("""{"timeZone":"Europe/Berlin","from":"09:00","to":"17:00"}""", "steps[0].at", """{"type":"EMAIL","at":"18:00"}""")]
    [InlineData("null", "steps[0].at", """{"type":"EMAIL","at":"18:00"}""")]
    [InlineData("""{"timeZone":"Europe/Berlin"}""", "steps[0].at", """{"type":"EMAIL","at":"25:00"}""")]
    [InlineData("""{"timeZone":"Europe/Berlin"}""", "steps[0].at", """{"type":"WAIT","delayDays":1,"at":"10:00"}""")]
    [InlineData("null", "steps[0].delayBusinessDays", """{"type":"WAIT","delayBusinessDays":1}""")]
    [InlineData("""{"timeZone":"Europe/Berlin"}""", "steps[0].delayBusinessDays", """{"type":"WAIT","delayBusinessDays":261}""")]
    [InlineData("""{"timeZone":"Europe/Berlin"}""", "steps[0].delayBusinessDays", """{"type":"WAIT","delayBusinessDays":1.5}""")]
    [InlineData(
        """{"timeZone":"Europe/Berlin"}""",
        "steps[0].delayBusinessDays",
        """{"type":"WAIT","delayDays":1,"delayBusinessDays":1}"""
    )]
    [InlineData("""{"timeZone":"Europe/Berlin"}""", "steps[0].delay", """{"type":"WAIT","delay":"P1D","delayBusinessDays":1}""")]
    [InlineData("""{"timeZone":"Europe/Berlin"}""", "steps[0].delayBusinessDays", """{"type":"EMAIL","delayBusinessDays":1}""")]
    public async Task A_wrong_schedule_or_step_is_refused_by_its_field(string schedule, string field, string step = """{"type":"EMAIL"}""")
    {
        var answer = await Alice.Post("/api/sequences", $$"""{"name":"Offer","schedule":{{schedule}},"steps":[{{step}}]}""");

        answer.ShouldBe(400).Fields.ShouldBe([field]);
        (await Database.Read<long>("SELECT count(*) FROM sequence")).ShouldBe(0);
    }

    [Fact]
    public async Task A_calendar_that_leaves_no_open_day_is_rejected_for_schedule_and_calendar()
    {
        var mondays = string.Join(
            ',',
            Enumerable.Range(0, 250).Select(week => $"\"{new DateOnly(2026, 1, 5).AddDays(7 * week):yyyy-MM-dd}\"")
        );
        await Alice.Post("/api/calendars", $$"""{"name":"Mondays","dates":[{{mondays}}]}""");
        const string Sequence =
            """{"name":"Offer","schedule":{"timeZone":"Europe/Berlin","days":["monday"],"holidays":"Mondays"},"steps":[{"type":"EMAIL"}]}""";

        (await Alice.Post("/api/sequences", Sequence)).ShouldBe(400).Fields.ShouldBe(["schedule.holidays"]);
        (await Alice.Put("/api/calendars/Mondays", """{"dates":[]}""")).ShouldBe(200);
        (await Alice.Post("/api/sequences", Sequence)).ShouldBe(201);
        (await Alice.Put("/api/calendars/Mondays", $$"""{"dates":[{{mondays}}]}""")).ShouldBe(400).Fields.ShouldBe(["dates"]);
    }

    [Fact]
    public async Task A_calendar_is_created_listed_read_by_name_and_id_changed_and_deleted()
    {
        var created = (
            await Alice.Post("/api/calendars", """{"name":"Days off","dates":["2027-05-01","2027-01-01","2027-05-01"]}""")
        ).ShouldBe(201);

        created.Headers.Location!.ToString().ShouldBe($"/api/calendars/{created.Id}");
        created.Json["dates"]!.ToJsonString().ShouldBe("""["2027-01-01","2027-05-01"]""");
        (await Alice.Get("/api/calendars/Days%20off")).ShouldBe(200).Id.ShouldBe(created.Id);
        (await Alice.Get($"/api/calendars/{created.Id}")).ShouldBe(200);
        (await Alice.Put($"/api/calendars/{created.Id}", """{"name":"Holidays"}""")).ShouldBe(200).Json["dates"]!
            .AsArray()
            .Count.ShouldBe(2);
        (await Alice.Get("/api/calendars")).Json["items"]!.AsArray().Select(c => c!["name"]!.ToString()).ShouldBe(["Holidays"]);
        (await Alice.Post("/api/calendars", """{"name":"Holidays","dates":[]}""")).ShouldBe(409).Code.ShouldBe("calendarNameTaken");
        (await Alice.Delete("/api/calendars/Holidays")).ShouldBe(204);
        (await Alice.Get("/api/calendars/Holidays")).ShouldBe(404);
    }

    [Fact]
    public async Task A_calendar_is_created_from_an_iCalendar_file()
    {
        var created = await Alice.Send(HttpMethod.Post, "/api/calendars?name=Christmas", Christmas, "text/calendar; charset=utf-8");

        created.ShouldBe(201).Json["dates"]!.AsArray().Count.ShouldBe(11);
        var changed = await Alice.Send(
            HttpMethod.Put,
            "/api/calendars/Christmas",
            Christmas.Replace("1225", "1226", StringComparison.Ordinal),
            "text/calendar"
        );
        changed.ShouldBe(200).Json["dates"]![0]!.ToString().ShouldEndWith("-12-26");
        var nonsense = await Alice.Send(
            HttpMethod.Post,
            "/api/calendars?name=Nonsense",
            Christmas.Replace("FREQ", "FRÄQ", StringComparison.Ordinal),
            "text/calendar"
        );
        nonsense.ShouldBe(400).Fields.ShouldBe(["line 5"]);
        (await Alice.Send(HttpMethod.Post, "/api/calendars?name=Csv", "a,b", "text/csv")).ShouldBe(415);
    }

    [Theory]
    [InlineData("""{"dates":[]}""", "name")]
    [InlineData("""{"name":" ","dates":[]}""", "name")]
    [InlineData("""{"name":"a/b","dates":[]}""", "name")]
    [InlineData("""{"name":"0195f1c2-be54-7172-a0af-9d0e1f203142","dates":[]}""", "name")]
    [InlineData("""{"name":"Off"}""", "dates")]
    [InlineData("""{"name":"Off","dates":["2027-02-30"]}""", "dates[0]")]
    public async Task A_wrong_calendar_is_refused_by_its_field(string body, string field) =>
        (await Alice.Post("/api/calendars", body)).ShouldBe(400).Fields.ShouldBe([field]);

    [Theory]
    [InlineData("""{"name":"Off","dates":["2027-05-01"],"days":[{"date":"2027-05-01"}]}""", "days")]
    [InlineData("""{"name":"Off","days":[null]}""", "days[0].date")]
    [InlineData("""{"name":"Off","days":[{"name":"x"}]}""", "days[0].date")]
    [InlineData("""{"name":"Off","days":[{"date":"2027-05-01","name":" "}]}""", "days")]
    public async Task A_wrong_named_day_is_refused_by_its_field(string body, string field) =>
        (await Alice.Post("/api/calendars", body)).ShouldBe(400).Fields.ShouldBe([field]);

    [Fact]
    public async Task Names_of_holidays_are_stored_and_returned_as_reasons()
    {
        var created = (
            await Alice.Post(
                "/api/calendars",
                """{"name":"Off","days":[{"date":"2027-05-03","name":"Works outing"},{"date":"2027-05-04"}]}"""
            )
        ).ShouldBe(201);
        created.Json["days"]!
            .ToJsonString()
            .ShouldBe("""[{"date":"2027-05-03","name":"Works outing"},{"date":"2027-05-04","name":null}]""");
        created.Json["dates"]!.ToJsonString().ShouldBe("""["2027-05-03","2027-05-04"]""");

        var path = await Alice.Sequence(
            """{"name":"Offer","schedule":{"timeZone":"Etc/UTC","holidays":"Off"},"steps":[{"type":"EMAIL","subject":"s","body":"b"}]}"""
        );
        const string Person = """{"recipient":{"email":"anna@example.com"},"startAt":"2027-05-03T10:00:00Z"}""";
        const string Moved = """[{"reason":"holiday","to":"2027-05-05T00:00:00Z","name":"Works outing"}]""";

        (await Alice.Post($"{path}/preview", Person)).ShouldBe(200).Json["steps"]![0]!["moved"]!.ToJsonString().ShouldBe(Moved);
        var enrolled = (await Alice.Post($"{path}/instances", Person)).ShouldBe(201);
        enrolled.Json["waitingFor"]![0]!["name"]!.ToString().ShouldBe("Works outing");
        (await Alice.Get($"/api/instances/{enrolled.Id}/why")).ShouldBe(200).Json["next"]!["moved"]!
            .ToJsonString()
            .ShouldContain("Works outing");
    }

    [Fact]
    public async Task A_calendar_without_future_dates_has_a_warning()
    {
        var soon = DateOnly.FromDateTime(DateTime.UtcNow.AddDays(30));

        (await Codes("""{"name":"Old","dates":["2020-01-01"]}""")).ShouldBe(["noDateAhead"]);
        (await Codes("""{"name":"None","dates":[]}""")).ShouldBe(["noDateAhead"]);
        (await Codes($$"""{"name":"Soon","dates":["{{soon:yyyy-MM-dd}}"]}""")).ShouldBe(["lastDateSoon"]);
        (await Codes($$"""{"name":"Good","dates":["{{soon.AddDays(60):yyyy-MM-dd}}"]}""")).ShouldBe([]);

        async Task<string[]> Codes(string body) =>
            [.. (await Alice.Post("/api/calendars", body)).ShouldBe(201).Json["warnings"]!.AsArray().Select(w => w!["code"]!.ToString())];
    }

    [Fact]
    public async Task A_sequence_warns_of_a_calendar_without_future_dates()
    {
        await Alice.Post("/api/calendars", """{"name":"Old","dates":["2020-01-01"]}""");
        const string Sequence =
            """{"name":"Offer","schedule":{"timeZone":"Etc/UTC","holidays":"Old"},"steps":[{"type":"WAIT","delayDays":1}]}""";

        var created = (await Alice.Post("/api/sequences", Sequence)).ShouldBe(201).Json["warnings"]!.AsArray();

        created.Select(w => (w!["field"]!.ToString(), w["code"]!.ToString())).ShouldBe([("schedule.holidays", "noDateAhead")]);
    }

    [Fact]
    public async Task Calendar_files_of_one_user_are_read_one_at_a_time()
    {
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var holding = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("LOCK TABLE calendar IN SHARE MODE", connection, holding);
        await hold.ExecuteNonQueryAsync();

        // One is being stored and ten wait for it; the twelfth is refused.
        var uploads = Enumerable.Range(0, 12).Select(Upload).ToList();
        (await await Task.WhenAny(uploads)).ShouldBe(429);
        await Eventually.Holds(async () => await Database.WaitingForLocks() == 1, "one file is being stored");
        uploads.Count(upload => upload.IsCompleted).ShouldBe(1);
        await holding.CommitAsync();

        (await Task.WhenAll(uploads)).Count(status => status == 201).ShouldBe(11);

        async Task<int> Upload(int number) =>
            (int)(await Alice.Send(HttpMethod.Post, $"/api/calendars?name=File {number}", Christmas, "text/calendar")).Status;
    }

    [Fact]
    public async Task An_iCalendar_file_is_read_with_the_requested_zone_and_event_filter()
    {
        const string File = """
            BEGIN:VCALENDAR
            BEGIN:VEVENT
            SUMMARY:Spring break
            DTSTART:20290228T230000Z
            DTEND:20290301T230000Z
            END:VEVENT
            BEGIN:VEVENT
            SUMMARY:Groundhog Day
            DTSTART;VALUE=DATE:20290202
            END:VEVENT
            END:VCALENDAR
            """;

        var created = await Alice.Send(
            HttpMethod.Post,
            "/api/calendars?name=A&timeZone=Europe/Berlin&exclude=groundhog",
            File,
            "text/calendar"
        );

        created.ShouldBe(201).Json["days"]!.ToJsonString().ShouldBe("""[{"date":"2029-03-01","name":"Spring break"}]""");
        (await Alice.Send(HttpMethod.Post, "/api/calendars?name=B&timeZone=Mars", File, "text/calendar"))
            .ShouldBe(400)
            .Fields.ShouldBe(["timeZone"]);
        (await Alice.Send(HttpMethod.Post, "/api/calendars?name=B&include=", File, "text/calendar"))
            .ShouldBe(400)
            .Fields.ShouldBe(["include"]);
    }

    [Fact]
    public async Task A_calendar_without_dates_is_rejected() =>
        (await Alice.Post("/api/calendars", "{\"name\":\"Off\"}")).Json["errors"]!["dates"]![0]!
            .ToString()
            .ShouldStartWith("is required: dates");

    [Fact]
    public async Task A_calendar_that_a_sequence_names_cannot_be_deleted()
    {
        await Alice.Post("/api/calendars", """{"name":"Off","dates":["2027-01-01"]}""");
        var path = await Alice.Sequence(
            """{"name":"Offer","schedule":{"timeZone":"Europe/Berlin","holidays":"Off"},"steps":[{"type":"EMAIL"}]}"""
        );

        var refused = (await Alice.Delete("/api/calendars/Off")).ShouldBe(409);

        (refused.Code, refused.Json["sequence"]!.ToString()).ShouldBe(("calendarInUse", "Offer"));
        await Alice.Put(path, """{"schedule":null}""");
        (await Alice.Delete("/api/calendars/Off")).ShouldBe(204);
    }

    [Fact]
    public async Task A_calendar_of_another_user_is_404()
    {
        var id = (await Alice.Post("/api/calendars", """{"name":"Off","dates":["2027-01-01"]}""")).ShouldBe(201).Id;

        (await Bob.Get($"/api/calendars/{id}")).ShouldBe(404);
        (await Bob.Get("/api/calendars/Off")).ShouldBe(404);
        (await Bob.Put($"/api/calendars/{id}", """{"dates":[]}""")).ShouldBe(404);
        (await Bob.Delete($"/api/calendars/{id}")).ShouldBe(404);
        (await Bob.Put("/api/calendars/Off", """{"dates":[]}""")).ShouldBe(404);
        (await Bob.Delete("/api/calendars/Off")).ShouldBe(404);
        (await Bob.Get("/api/calendars")).Json["items"]!.AsArray().ShouldBeEmpty();
        (
            await Bob.Post(
                "/api/sequences",
                $$"""{"name":"Offer","schedule":{"timeZone":"Europe/Berlin","holidays":"{{id}}"},"steps":[{"type":"EMAIL"}]}"""
            )
        )
            .ShouldBe(400)
            .Fields.ShouldBe(["schedule.holidays"]);
        (await Bob.Post("/api/calendars", """{"name":"Off","dates":[]}""")).ShouldBe(201);
    }

    [Fact]
    public async Task Limits_are_replaced_as_a_whole_and_round_trip()
    {
        (await Alice.Get("/api/limits")).ShouldBe(200).Json["mailsPerDay"].ShouldBeNull();

        var set = (
            await Alice.Put(
                "/api/limits",
                """{"timeZone":"Europe/Berlin","mailsPerDay":500,"minGap":"PT1M30S","ramp":{"start":50,"perDay":25},"perRecipientPerDay":2}"""
            )
        ).ShouldBe(200);

        set.Json["minGap"]!.ToString().ShouldBe("PT1M30S");
        set.Json["today"]!["most"]!.GetValue<int>().ShouldBe(50);
        set.Json["ramp"]!["since"]!.ToString().ShouldBe(set.Json["today"]!["date"]!.ToString());
        (await Alice.Put("/api/limits", (await Alice.Get("/api/limits")).Text)).ShouldBe(200).Text.ShouldBe(set.Text);
        (await Bob.Get("/api/limits")).Json["mailsPerDay"].ShouldBeNull();
        (await Alice.Put("/api/limits", "{}")).ShouldBe(200).Json["ramp"].ShouldBeNull();
        (await Database.Read<long>("SELECT count(*) FROM send_limit")).ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"mailsPerDay":0}""", "mailsPerDay")]
    [InlineData("""{"mailsPerDay":-1}""", "mailsPerDay")]
    [InlineData("""{"mailsPerDay":10000001}""", "mailsPerDay")]
    [InlineData("""{"minGap":"PT0S"}""", "minGap")]
    [InlineData("""{"minGap":"P2D"}""", "minGap")]
    [InlineData("""{"minGap":"soon"}""", "minGap")]
    [InlineData("""{"perRecipientPerDay":0}""", "perRecipientPerDay")]
    [InlineData("""{"ramp":{"start":0,"perDay":1}}""", "ramp.start")]
    [InlineData("""{"ramp":{"start":1,"perDay":0}}""", "ramp.perDay")]
    [InlineData("""{"ramp":{"start":1}}""", "ramp.perDay")]
    [InlineData("""{"ramp":{"start":1,"perDay":1,"since":"9999-01-01"}}""", "ramp.since")]
    [InlineData("""{"timeZone":"Mars/Olympus"}""", "timeZone")]
    [InlineData("""{"mails":1}""", "mails")]
    public async Task Wrong_limits_are_refused_by_their_field(string body, string field) =>
        (await Alice.Put("/api/limits", body)).ShouldBe(400).Fields.ShouldBe([field]);

    [Fact]
    public async Task An_instance_shows_the_reason_for_its_wait()
    {
        var path = await Alice.Sequence($$"""{"name":"Offer","schedule":{{Office}},"steps":[{"type":"EMAIL"}]}""");
        var id = (await Alice.Post($"{path}/instances", """{"recipient":{"email":"anna@example.com"},"startAt":"2027-02-06T12:00:00Z"}"""))
            .ShouldBe(201)
            .Id;

        var instance = (await Alice.Get($"/api/instances/{id}")).ShouldBe(200).Json;

        instance["nextDueAt"]!.ToString().ShouldBe("2027-02-08T08:00:00Z");
        instance["waitingFor"]!.ToJsonString().ShouldBe("""[{"reason":"weekend","until":"2027-02-08T08:00:00Z"}]""");
    }
}
