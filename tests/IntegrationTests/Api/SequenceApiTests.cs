using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

public sealed class SequenceApiTests(TestProgram program) : ApiTest(program)
{
    [Fact]
    public async Task A_sequence_is_created_read_changed_and_deleted()
    {
        var created = (
            await Alice.Post(
                "/api/sequences",
                """
                {"name":"Offer follow-up","description":"after an offer was sent","enabled":true,"steps":[
                  {"type":"EMAIL","subject":"Your offer on {{ offer.address }}","body":"<p>Hi {{ recipient.firstName | default: \"there\" }}</p>"},
                  {"type":"WAIT","delayDays":3},{"type":"SMS","message":"Still interested in {{ offer.address }}?"},
                  {"type":"WAIT","delay":"PT36H"},{"type":"EMAIL"}]}
                """
            )
        ).ShouldBe(201);
        var path = created.Headers.Location!.ToString();
        var read = (await Alice.Get(path)).ShouldBe(200);
        var renamed = (await Alice.Put(path, """{"name":"Renamed","description":null}""")).ShouldBe(200);
        var restepped = (await Alice.Put(path, $$"""{"steps":{{read.Json["steps"]!.ToJsonString()}}}""")).ShouldBe(200);
        var changed = (await Alice.Put(path, """{"steps":[{"type":"EMAIL"}]}""")).ShouldBe(200);

        path.ShouldBe($"/api/sequences/{created.Id}");
        created.Headers.ETag!.Tag.ShouldBe(read.Headers.ETag!.Tag);
        read.Json["steps"]!.AsArray().Count.ShouldBe(5);
        read.Json["steps"]!.AsArray().Select(step => step!["id"]!.ToString()).Distinct().Count().ShouldBe(5);
        read.Json["steps"]![1]!.AsObject().Select(field => field.Key).ShouldBe(["id", "type", "delayDays"]);
        read.Json["instances"]!["items"]!.AsArray().ShouldBeEmpty();
        (renamed.Json["name"]!.ToString(), renamed.Json["description"], renamed.Json["version"]!.GetValue<int>()).ShouldBe(
            ("Renamed", null, 1)
        );
        restepped.Json["version"]!.GetValue<int>().ShouldBe(1);
        changed.Json["version"]!.GetValue<int>().ShouldBe(2);
        (await Alice.Delete(path)).ShouldBe(204);
        (await Alice.Get(path)).ShouldBe(404).Code.ShouldBe("notFound");
    }

    [Fact]
    public async Task The_list_shows_the_steps_of_the_current_version_as_the_detail_does()
    {
        var sequence = await Alice.Sequence(
            """{"name":"a","steps":[{"type":"EMAIL","subject":"Grüße & <b>","body":"<p>\u00e9 \ud83d\ude00 \"x\"</p>"},{"type":"WAIT","delay":"PT36H"},{"type":"SMS","message":"m"}]}"""
        );
        await ShowTheSame();
        await ShowTheSame();

        (await Alice.Put(sequence, """{"steps":[{"type":"EMAIL","subject":"other","body":"<p>other</p>"}]}""")).ShouldBe(200);
        await ShowTheSame();

        (await Bob.Get("/api/sequences")).Json["items"]!.AsArray().ShouldBeEmpty();

        async Task ShowTheSame()
        {
            var listed = (await Alice.Get("/api/sequences")).ShouldBe(200).Json["items"]!.AsArray().Single()!.AsObject();
            var detail = (await Alice.Get(sequence)).ShouldBe(200).Json.AsObject();
            detail.Remove("instances");
            detail.Remove("variables");
            listed.ToJsonString().ShouldBe(detail.ToJsonString());
        }
    }

    [Fact]
    public async Task A_running_instance_stays_on_its_version()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        var instance = await Alice.Enroll(sequence);

        await Alice.Put(sequence, """{"steps":[{"type":"EMAIL"}]}""");

        (await Alice.Get($"/api/instances/{instance}")).Json["version"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task A_stale_If_Match_is_refused_and_changes_nothing()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        var etag = (await Alice.Get(sequence)).Headers.ETag!.Tag;

        (await Alice.Put(sequence, """{"name":"first"}""", ("If-Match", etag))).ShouldBe(200);
        (await Alice.Put(sequence, """{"name":"second"}""", ("If-Match", etag))).ShouldBe(412).Code.ShouldBe("preconditionFailed");
        (await Alice.Delete(sequence, ("If-Match", etag))).ShouldBe(412);
        (await Alice.Put(sequence, """{"name":"third"}""", ("If-Match", "*"))).ShouldBe(200);

        (await Alice.Get(sequence)).Json["name"]!.ToString().ShouldBe("third");
    }

    [Fact]
    public async Task The_list_counts_instances_by_status_and_the_detail_shows_the_running_ones()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        await Alice.Enroll(sequence, "a@example.com");
        var paused = await Alice.Enroll(sequence, "b@example.com");
        var stopped = await Alice.Enroll(sequence, "c@example.com");
        await Alice.Post($"/api/instances/{paused}/pause");
        await Alice.Post($"/api/instances/{stopped}/stop", """{"reason":"goal"}""");

        var list = (await Alice.Get("/api/sequences")).ShouldBe(200);
        var detail = (await Alice.Get(sequence)).ShouldBe(200);

        list.Json["items"]![0]!["instanceCounts"]!
            .ToJsonString()
            .ShouldBe("""{"ACTIVE":1,"PAUSED":1,"COMPLETED":0,"FAILED":0,"STOPPED":1}""");
        detail.Json["instances"]!["items"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Patch_pauses_and_resumes_an_instance_of_this_sequence_only()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        var other = await Alice.Sequence(MinimalSequence);
        var instance = await Alice.Enroll(sequence);
        var pause = $$"""{"action":"pause","scheduledId":"{{instance}}"}""";

        (await Alice.Patch(other, pause)).ShouldBe(404);
        (await Bob.Patch(sequence, pause)).ShouldBe(404);
        (await Alice.Patch(sequence, pause)).ShouldBe(200).Json["status"]!.ToString().ShouldBe("PAUSED");
        (await Alice.Patch(sequence, pause)).ShouldBe(409).Code.ShouldBe("invalidTransition");
        (await Alice.Patch(sequence, pause.Replace("pause", "resume"))).ShouldBe(200).Json["status"]!.ToString().ShouldBe("ACTIVE");
        (await Alice.Patch(sequence, pause.Replace("pause", "stop"))).ShouldBe(400).Fields.ShouldBe(["action"]);
        (await Alice.Patch(sequence, """{"action":"pause","scheduledId":"7"}""")).ShouldBe(400).Fields.ShouldBe(["scheduledId"]);
        (await Alice.Patch(sequence, "{}")).ShouldBe(400).Fields.ShouldBe(["action", "scheduledId"]);
    }

    [Fact]
    public async Task Pages_of_lists_have_no_gap_and_no_overlap()
    {
        for (var i = 0; i < 5; i++)
        {
            await Alice.Sequence(MinimalSequence.Replace("Offer", $"S{i}"));
        }

        List<string> names = [];
        string? cursor = null;
        do
        {
            var page = (await Alice.Get($"/api/sequences?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}")).ShouldBe(200);
            names.AddRange(page.Json["items"]!.AsArray().Select(s => s!["name"]!.ToString()));
            cursor = page.Json["nextCursor"]?.ToString();
        } while (cursor is not null);

        names.ShouldBe(["S4", "S3", "S2", "S1", "S0"]);
    }

    [Fact]
    public async Task A_list_of_sequences_is_filtered_by_name_and_state()
    {
        var offer = await Alice.Sequence("""{"name":"Angebot Büro 50%","steps":[{"type":"EMAIL"}]}""");
        await Alice.Sequence("""{"name":"Other","enabled":false,"steps":[{"type":"EMAIL"}]}""");
        async Task<string[]> Names(string query) =>
            [.. (await Alice.Get($"/api/sequences?{query}")).ShouldBe(200).Json["items"]!.AsArray().Select(s => s!["name"]!.ToString())];

        (await Names("q=B%C3%BCRO")).ShouldBe(["Angebot Büro 50%"]);
        (await Names("q=50%25")).ShouldBe(["Angebot Büro 50%"]);
        (await Names("q=o")).ShouldBe(["Other", "Angebot Büro 50%"]);
        (await Names("q=o&limit=1")).ShouldBe(["Other"]);
        (await Names("q=o&enabled=true")).ShouldBe(["Angebot Büro 50%"]);
        (await Names("enabled=false")).ShouldBe(["Other"]);
        (await Names("q=nothing")).ShouldBeEmpty();
        (await Alice.Get("/api/sequences?q=")).ShouldBe(400).Fields.ShouldBe(["q"]);
        (await Alice.Get("/api/sequences?enabled=yes")).ShouldBe(400).Fields.ShouldBe(["enabled"]);
        (await Alice.Get(offer)).ShouldBe(200);
    }

    [Fact]
    public async Task A_repeated_idempotency_key_returns_the_first_response()
    {
        var first = (await Alice.Post("/api/sequences", MinimalSequence, ("Idempotency-Key", "k1"))).ShouldBe(201);
        var again = (await Alice.Post("/api/sequences", MinimalSequence, ("Idempotency-Key", "k1"))).ShouldBe(201);
        var other = (await Alice.Post("/api/sequences", MinimalSequence.Replace("Offer", "Other"), ("Idempotency-Key", "k1"))).ShouldBe(
            409
        );
        var bobs = (await Bob.Post("/api/sequences", MinimalSequence, ("Idempotency-Key", "k1"))).ShouldBe(201);

        again.Text.ShouldBe(first.Text);
        again.Headers.ETag!.Tag.ShouldBe(first.Headers.ETag!.Tag);
        again.Headers.Location.ShouldBe(first.Headers.Location);
        other.Code.ShouldBe("idempotencyKeyReused");
        bobs.Id.ShouldNotBe(first.Id);
        (await Database.Read<long>("SELECT count(*) FROM sequence")).ShouldBe(2);
    }

    [Fact]
    public async Task Concurrent_requests_with_one_idempotency_key_create_once()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => Alice.Post("/api/sequences", MinimalSequence, ("Idempotency-Key", "at once")))
        );

        answers.Select(a => a.ShouldBe(201).Id).Distinct().Count().ShouldBe(1);
        (await Database.Read<long>("SELECT count(*) FROM sequence")).ShouldBe(1);
    }
}
