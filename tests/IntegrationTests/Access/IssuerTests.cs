using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Access;

/// <summary>Responses while the issuer is unavailable, and the errors of rejected tokens.</summary>
public sealed class IssuerTests(SharedPrograms programs) : IClassFixture<SharedPrograms>
{
    [Fact]
    public async Task While_the_issuer_cannot_be_reached_tokens_get_503_and_API_keys_work()
    {
        await using var issuer = await FakeIssuer.Start();
        string key;
        await using (var before = await OwnProgram.Start(programs.Database, issuer))
        {
            var made = await before.With("Authorization", $"Bearer {issuer.Token()}").Post("/api/keys", """{"name":"k"}""");
            key = made.ShouldBe(201).Json["key"]!.ToString();
        }

        await issuer.Down();
        await using var program = await OwnProgram.Start(
            programs.Database,
            issuer,
            ("RateLimit:AddressBurst", "60"),
            ("RateLimit:AddressPerSecond", "1")
        );
        var client = program.With("Authorization", $"Bearer {issuer.Token()}");

        // More requests than the limit allows if each were charged as a wrong credential.
        foreach (var path in (string[])["/api/me", "/api/sequences", "/api/nothing", "/api/me", "/api/me", "/api/me", "/api/me", "/api/me"])
        {
            var answer = (await client.Get(path)).ShouldBe(503);
            answer.Code.ShouldBe("issuerUnreachable");
            answer.Headers.RetryAfter.ShouldNotBeNull();
        }

        (await program.With("X-Api-Key", key).Get("/api/me")).ShouldBe(200);
        (await program.Anonymous.Get("/api/me")).ShouldBe(401);
        (await program.Anonymous.Get("/health/ready")).ShouldBe(200);

        await issuer.Up();
        await Eventually.Holds(async () => (int)(await client.Get("/api/me")).Status == 200, "the issuer is asked again");
        await issuer.Down();
        (await client.Get("/api/me")).ShouldBe(200);
    }

    [Theory]
    [InlineData("other-api", "The token is for the audience \"other-api\"; it must be for \"followup-api\".")]
    [InlineData("followup\r\nX: 1", "The token is for the audience \"followup X: 1\"; it must be for \"followup-api\".")]
    [InlineData(null, "The token names no audience; it must be for \"followup-api\".")]
    public async Task The_error_for_a_wrong_audience_names_both_audiences(string? audience, string detail)
    {
        var program = await programs.WithIssuer();

        var answer = await program.With("Authorization", $"Bearer {programs.Issuer.Token(audience: audience)}").Get("/api/me");

        answer.ShouldBe(401).Json["detail"]!.ToString().ShouldBe(detail);
        answer.Code.ShouldBe("unauthorized");
    }
}
