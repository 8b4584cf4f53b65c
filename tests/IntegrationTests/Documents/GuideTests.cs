using FollowUp.IntegrationTests.Support;
using FollowUp.Testing;

namespace FollowUp.IntegrationTests.Documents;

/// <summary>Each request in the README and in the guides gets the answer that is shown below it.</summary>
public sealed class GuideTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private OwnProgram _program = null!;
    private Client _user = null!;
    private GuideExamples _examples = null!;

    public async Task InitializeAsync()
    {
        await database.Empty();
        _program = await OwnProgram.Start(
            database,
            ("Role", "all"),
            ("Email:From", "sales@acme.example"),
            ("Dispatcher:PollInterval", "50ms")
        );
        _user = await _program.As("demo");
        _examples = new GuideExamples(_program, _user);
    }

    public async Task DisposeAsync() => await _program.DisposeAsync();

    [Fact]
    public async Task Requests_in_the_README_get_the_documented_responses() => (await _examples.Run("README.md")).ShouldBe(1);

    [Fact]
    public async Task Requests_in_the_enrolling_guide_get_the_documented_responses()
    {
        var sequence = await _user.Sequence(
            """{"name":"Import","steps":[{"type":"EMAIL","subject":"s","body":"<p>{% if variables.price > 1000 %}a{% endif %}</p>"}]}"""
        );
        _examples.Variables["ID"] = sequence.Split('/')[^1];
        _examples.Files["list.csv"] = "E-Mail;Vorname;price\nanna@example.com;Anna;12,5\nnot an address;Ben;1\nkim@example.com;Kim;900\n";

        (await _examples.Run("docs/guide/enrolling.md")).ShouldBe(4);
    }

    [Fact]
    public async Task Requests_in_the_previews_guide_get_the_documented_responses()
    {
        (await _user.Post("/api/calendars", """{"name":"Office","dates":["2027-03-29"]}""")).ShouldBe(201);
        var scheduled = await _user.Sequence(
            """
            { "name": "Offer", "schedule": { "timeZone": "recipient", "fallbackTimeZone": "UTC", "from": "09:00", "to": "17:00", "holidays": "Office",
                                             "days": [ "monday", "tuesday", "wednesday", "thursday", "friday" ] },
              "steps": [ { "type": "EMAIL", "subject": "Your offer on {{ offer.address }}", "body": "<p>Hi</p><script>x</script>" },
                         { "type": "WAIT", "delayDays": 3 }, { "type": "EMAIL", "body": "<p>Any questions?</p>" } ] }
            """
        );
        var sequence = await _user.Sequence(
            """
            { "name": "Offer", "steps": [ { "type": "EMAIL", "subject": "Your offer on {{ offer.address }}", "body": "<p>Hi</p>" },
                                          { "type": "WAIT", "delayDays": 3 }, { "type": "EMAIL", "body": "<p>Any questions?</p>" } ] }
            """
        );
        _examples.Bind("01a212aa-8bff-…", scheduled.Split('/')[^1]);
        _examples.Bind("01a229f3-5522-…", sequence.Split('/')[^1]);
        _examples.Bind("01a229f3-7eec-…", await _user.Enroll(sequence, "ben@example.com"));

        (await _examples.Run("docs/guide/preview-and-why.md")).ShouldBe(3);
    }

    [Fact]
    public async Task Requests_in_the_editing_guide_get_the_documented_responses()
    {
        var sequence = await _user.Sequence(
            """
            { "name": "Live", "steps": [ { "id": "offer", "type": "EMAIL", "subject": "Your offer", "body": "…" },
                                         { "id": "pause", "type": "WAIT", "delayDays": 2 },
                                         { "id": "remind", "type": "EMAIL", "subject": "Stil interested?", "body": "…" },
                                         { "id": "week", "type": "WAIT", "delayDays": 7 }, { "id": "last", "type": "EMAIL" } ] }
            """
        );
        _examples.Variables["ID"] = sequence.Split('/')[^1];
        foreach (var name in (string[])["anna", "ben", "carla"])
        {
            var instance = await _user.Enroll(sequence, $"{name}@example.com");
            await Eventually.Holds(
                async () => (await _user.Get($"/api/instances/{instance}")).Json["currentStep"]!.GetValue<int>() == 1,
                "the instance waits"
            );
            _examples.Bind("01a229f3-907d-740e-…", instance);
        }

        (await _examples.Run("docs/guide/editing-live-sequences.md")).ShouldBe(6);
    }

    [Fact]
    public async Task Requests_in_the_sandbox_guide_get_the_documented_responses() =>
        (await _examples.Run("docs/guide/sandbox.md")).ShouldBe(5);

    [Fact]
    public async Task Requests_in_the_schedules_guide_get_the_documented_responses()
    {
        _examples.Files["holidays.ics"] =
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20270326\r\nSUMMARY:Karfreitag\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        (await _user.Put("/api/limits", """{"timeZone":"Europe/Berlin","perRecipientPerDay":1}""")).ShouldBe(200);
        var sequence = await _user.Sequence("""{"name":"Two","steps":[{"type":"EMAIL","subject":"a","body":"b"},{"type":"EMAIL"}]}""");
        var instance = await _user.Enroll(sequence);
        var until = "";
        await Eventually.Holds(
            async () =>
                (
                    until =
                        (await _user.Get($"/api/instances/{instance}")).Json["waitingFor"]!.AsArray().FirstOrDefault()?["until"]?.ToString()
                        ?? ""
                ).Length > 0,
            "the second mail waits for the next day"
        );
        _examples.Bind("01a21216-…", instance);
        _examples.Bind("2026-11-25T23:00:00Z", until);

        (await _examples.Run("docs/guide/schedules.md")).ShouldBe(5);
    }

    [Fact]
    public void Every_document_with_requests_has_a_test()
    {
        var tests = File.ReadAllText(Path.Combine(Repository.Root, "tests/IntegrationTests/Documents/GuideTests.cs"));
        string[] documents =
        [
            "README.md",
            .. Directory.GetFiles(Path.Combine(Repository.Root, "docs", "guide")).Select(file => $"docs/guide/{Path.GetFileName(file)}"),
        ];
        foreach (var document in documents)
        {
            var lines = File.ReadAllLines(Path.Combine(Repository.Root, document));
            var commands = lines.Count(line => line.TrimStart(' ', '$').StartsWith("curl ", StringComparison.Ordinal));

            commands.ShouldBe(lines.Count(line => line.StartsWith("$ curl ", StringComparison.Ordinal)), document);
            tests.Contains($"Run(\"{document}\")", StringComparison.Ordinal).ShouldBe(commands > 0, document);
        }
    }
}
