using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary>Imports of suppressions that are repeated under their idempotency keys.</summary>
public sealed class SuppressionImportTests(TestProgram program) : ApiTest(program)
{
    private const string Two = "email\nann@example.org\nkim@example.org\nrubbish\n";

    [Fact]
    public async Task A_repeated_import_gets_the_first_response()
    {
        var first = await Import(Two, "i-1");
        var again = await Import(Two, "i-1");

        first.ShouldBe(200).Json["added"]!.GetValue<int>().ShouldBe(2);
        again.ShouldBe(200).Text.ShouldBe(first.Text);
        (await Import(Two, null)).ShouldBe(200).Json["existing"]!.GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public async Task Another_list_with_the_same_key_is_rejected_and_not_stored()
    {
        (await Import(Two, "i-2")).ShouldBe(200);

        (await Import("email\nben@example.org\n", "i-2")).ShouldBe(409).Code.ShouldBe("idempotencyKeyReused");
        (await Import(Two, "i-2", "text/csv; charset=iso-8859-1")).ShouldBe(409).Code.ShouldBe("idempotencyKeyReused");

        (await Alice.Get("/api/suppressions?q=ben")).Json["items"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Idempotency_keys_are_scoped_to_user_and_operation()
    {
        (await Import(Two, "i-3")).ShouldBe(200);

        var bobs = await Bob.Send(HttpMethod.Post, "/api/suppressions/bulk", Two, "text/csv", ("Idempotency-Key", "i-3"));
        var other = await Alice.Post("/api/suppressions", """{"address":"ben@example.org"}""", ("Idempotency-Key", "i-3"));

        bobs.ShouldBe(200).Json["added"]!.GetValue<int>().ShouldBe(2);
        other.ShouldBe(409).Code.ShouldBe("idempotencyKeyReused");
    }

    [Fact]
    public async Task Concurrent_imports_with_one_key_get_the_same_response()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Import(Two, "i-4")));

        answers.Select(answer => answer.ShouldBe(200).Text).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task No_response_is_stored_for_an_unreadable_list()
    {
        (await Import("first,last\nKim,Berg\n", "i-5")).ShouldBe(400);

        (await Import(Two, "i-5")).ShouldBe(200);
    }

    [Fact]
    public async Task A_malformed_key_is_refused() =>
        (await Import(Two, new string('k', 300))).ShouldBe(400).Fields.ShouldBe(["Idempotency-Key"]);

    private Task<Answer> Import(string body, string? key, string type = "text/csv") =>
        key is null
            ? Alice.Send(HttpMethod.Post, "/api/suppressions/bulk", body, type)
            : Alice.Send(HttpMethod.Post, "/api/suppressions/bulk", body, type, ("Idempotency-Key", key));
}
