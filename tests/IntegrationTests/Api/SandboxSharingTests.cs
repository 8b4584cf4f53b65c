using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary>Many clients in one sandbox, and many sandboxes, at once.</summary>
public sealed class SandboxSharingTests(TestProgram program) : ApiTest(program)
{
    private const int Clients = 20;

    [Fact]
    public async Task Twenty_concurrent_clients_of_a_sandbox_succeed_without_lost_updates()
    {
        var box = await SandboxOf(Alice);

        var created = await Task.WhenAll(
            Enumerable.Range(0, Clients).Select(i => box.Post("/api/sequences", $$"""{"name":"s{{i}}","steps":[{"type":"EMAIL"}]}"""))
        );
        var read = await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => box.Get($"/api/sequences/{created[i].ShouldBe(201).Id}")));
        var listed = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => box.Get("/api/sequences?limit=200")));

        read.Select(answer => answer.ShouldBe(200).Json["name"]!.ToString()).ShouldBe(Enumerable.Range(0, Clients).Select(i => $"s{i}"));
        listed.ShouldAllBe(answer => answer.ShouldBe(200).Json["items"]!.AsArray().Count == Clients);
    }

    [Fact]
    public async Task Enrolments_reads_and_a_clock_move_in_one_sandbox_run_concurrently()
    {
        var box = await SandboxOf(Bob);
        var sequence = await box.Sequence("""{"name":"n","steps":[{"type":"EMAIL"},{"type":"WAIT","delayDays":1},{"type":"EMAIL"}]}""");

        const int Each = 12;
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, Each)
                .SelectMany(i =>
                    new[]
                    {
                        box.Post($"{sequence}/instances", $$$"""{"recipient":{"email":"r{{{i}}}@example.com"}}"""),
                        box.Get("/api/instances"),
                        i == 0 ? box.Post("/api/sandbox/clock", """{"advance":"PT1S"}""") : box.Get("/api/sandbox/clock"),
                    }
                )
        );

        answers.Select(answer => (int)answer.Status).Distinct().Order().ShouldBe([200, 201]);
        (await box.Get("/api/instances")).Json["items"]!.AsArray().Count.ShouldBe(Each);
    }

    [Fact]
    public async Task Functions_of_a_sandbox_resolve_names_in_its_schema()
    {
        var user = await As($"paths {Guid.NewGuid():N}");
        var box = await SandboxOf(user);
        await box.Sequence(MinimalSequence);
        var schema = $"sandbox_{Guid.Parse((await user.Get("/api/me")).ShouldBe(200).Json["id"]!.ToString()):N}";

        var others = await Database.FunctionsWithAnotherPath(schema);

        // These two name their table in full: a function with a search_path is not inlined, and every statement calls them.
        others.ShouldBe(["clock_timestamp", "now"], ignoreOrder: true);
    }

    private async Task<Client> SandboxOf(Client user) =>
        WithKey((await user.Post("/api/keys", """{"name":"tests","kind":"sandbox"}""")).ShouldBe(201).Json["key"]!.ToString());
}
