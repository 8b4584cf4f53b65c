using FollowUp.Web.Platform;
using Microsoft.AspNetCore.Http;

namespace FollowUp.UnitTests.Web;

public class ProvenCredentialsTests
{
    /// <summary>Authentication accepts all of these as the same token. Otherwise each would take an entry of the bounded list.</summary>
    [Theory]
    [InlineData("bearer a.b.c")]
    [InlineData("BEARER a.b.c")]
    [InlineData("Bearer   a.b.c")]
    [InlineData("Bearer a.b.c \t ")]
    [InlineData("Bearer \t a.b.c")]
    public void Every_spelling_of_a_token_has_one_fingerprint(string header) => Of(header).ShouldBe(Of("Bearer a.b.c"));

    [Theory]
    [InlineData("Bearer a.b.d")]
    [InlineData("Bearer A.b.c")]
    [InlineData("a.b.c")]
    [InlineData("Basic a.b.c")]
    public void Another_credential_has_another_fingerprint(string header) => Of(header).ShouldNotBe(Of("Bearer a.b.c"));

    [Fact]
    public void A_key_and_a_token_of_the_same_text_differ() => Of(null, "a.b.c").ShouldNotBe(Of("Bearer a.b.c"));

    private static string? Of(string? authorization, string? key = null)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Authorization = authorization;
        request.Headers["X-Api-Key"] = key;
        return ProvenCredentials.Fingerprint(request);
    }
}
