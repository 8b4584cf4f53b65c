using FollowUp.Infrastructure.Templates;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Limits;

/// <summary>A database in which the program may not create schemas has no sandboxes.</summary>
public sealed class SandboxUnavailableTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Requests_for_a_sandbox_that_cannot_be_created_hold_no_session()
    {
        const int sessions = 5;
        await using var program = await OwnProgram.Start(
            database,
            ("ConnectionStrings:FollowUp", $"{database.ConnectionString};Maximum Pool Size={sessions};Timeout=2")
        );
        var alice = await program.As("alice");
        var key = (await alice.Post("/api/keys", """{"name":"k","kind":"sandbox"}""")).ShouldBe(201).Json["key"]!.ToString();
        var box = program.With("X-Api-Key", key);
        await database.Execute(
            """
            CREATE FUNCTION no_schema() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
              RAISE EXCEPTION 'permission denied for database' USING ERRCODE = 'insufficient_privilege'; END $$;
            CREATE EVENT TRIGGER no_schema ON ddl_command_start WHEN TAG IN ('CREATE SCHEMA') EXECUTE FUNCTION no_schema();
            """
        );
        try
        {
            // Many more requests than sessions, sequentially and concurrently.
            for (var n = 0; n < sessions * 2; n++)
            {
                (await box.Get("/api/sandbox/clock")).ShouldBe(503).Code.ShouldBe("sandboxUnavailable");
            }

            var together = await Task.WhenAll(Enumerable.Range(0, sessions * 2).Select(_ => box.Post("/api/sequences", "{}")));

            together.ShouldAllBe(answer => answer.Code == "sandboxUnavailable");
            (await alice.Get("/api/me")).ShouldBe(200);
            (
                await database.Read<long>(
                    """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid() AND (xact_start IS NOT NULL OR application_name LIKE '%sandbox')
                    """
                )
            ).ShouldBe(0);
        }
        finally
        {
            await database.Execute("DROP EVENT TRIGGER no_schema; DROP FUNCTION no_schema()");
        }

        (await box.Get("/api/sandbox/clock")).ShouldBe(200);
    }

    [Fact]
    public async Task The_template_cache_of_sandboxes_is_bounded_per_node()
    {
        await using var program = await OwnProgram.Start(database);
        var alice = await program.As("alice");
        var key = (await alice.Post("/api/keys", """{"name":"k","kind":"sandbox"}""")).ShouldBe(201).Json["key"]!.ToString();
        var box = program.With("X-Api-Key", key);
        var kept = program.Services.GetRequiredService<TemplateCache>().Parsed;
        (await box.Get("/api/sandbox/clock")).ShouldBe(200);
        var before = kept.Count;

        (
            await box.Post(
                "/api/preview",
                """{"steps":[{"type":"EMAIL","subject":"only in the sandbox","body":"<p>only there</p>"}],"recipient":{"email":"anna@example.com"}}"""
            )
        ).ShouldBe(200);

        kept.Count.ShouldBe(before + 2);
    }
}
