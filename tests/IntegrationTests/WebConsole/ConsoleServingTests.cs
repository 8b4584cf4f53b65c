using System.Net;
using System.Text.RegularExpressions;
using FollowUp.Testing;
using FollowUp.Web.WebConsole;

namespace FollowUp.IntegrationTests.WebConsole;

/// <summary>How the program serves the web console (ADR 114).</summary>
public sealed partial class ConsoleServingTests(ServedConsole program) : IClassFixture<ServedConsole>
{
    [Fact]
    public async Task Each_page_answers_with_the_document()
    {
        foreach (var path in ConsolePages.Paths)
        {
            using var answer = await program.Http.GetAsync(Parameter().Replace(path, "x"));

            answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            answer.Content.Headers.ContentType?.MediaType.ShouldBe("text/html");
            answer.Headers.CacheControl?.NoCache.ShouldBe(true);
        }
    }

    [Theory]
    [InlineData("/api")]
    [InlineData("/api/no-such-thing")]
    [InlineData("/health")]
    [InlineData("/openapi")]
    [InlineData("/u")]
    [InlineData("/auth")]
    [InlineData("/hooks/x")]
    [InlineData("/dev")]
    [InlineData("/no-such-page")]
    [InlineData("/sequences/1/no-such-part")]
    public async Task No_other_address_answers_with_the_document(string path)
    {
        using var answer = await program.Http.GetAsync(path);

        ((int)answer.StatusCode).ShouldBeOneOf(401, 404);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task The_document_allows_only_scripts_of_this_origin_and_names_the_ways_to_sign_in()
    {
        using var answer = await program.Http.GetAsync("/people");

        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("script-src 'self';");
        policy.ShouldContain("frame-ancestors 'none'");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("""<meta name="followup" content="key development" />""");
    }

    [Fact]
    public async Task The_document_is_validated_by_its_entity_tag()
    {
        using var first = await program.Http.GetAsync("/people");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/people");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var again = await program.Http.SendAsync(request);

        again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task A_file_with_a_hash_is_kept_indefinitely_and_sent_in_the_best_encoding()
    {
        using var plain = await program.Http.GetAsync("/assets/index-1a2b3c4d.js");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/assets/index-1a2b3c4d.js");
        request.Headers.Add("Accept-Encoding", "gzip, deflate, br");

        using var compressed = await program.Http.SendAsync(request);

        (await plain.Content.ReadAsStringAsync()).ShouldBe(ServedConsole.Script);
        plain.Headers.CacheControl?.ToString().ShouldBe("public, max-age=31536000, immutable");
        plain.Headers.Vary.ShouldContain("Accept-Encoding");
        plain.Content.Headers.ContentType?.MediaType.ShouldBe("text/javascript");
        compressed.Content.Headers.ContentEncoding.ShouldBe(["br"]);
        (await compressed.Content.ReadAsStringAsync()).ShouldBe(ServedConsole.Compressed);
    }

    [Fact]
    public async Task A_file_without_a_hash_is_validated()
    {
        using var answer = await program.Http.GetAsync("/console/theme.js");

        answer.Headers.CacheControl?.NoCache.ShouldBe(true);
        answer.Headers.ETag.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("/assets/no-such-file.js")]
    [InlineData("/assets/..%2Findex.html")]
    [InlineData("/assets/..%2F..%2Fetc%2Fpasswd")]
    [InlineData("/console/..%2Fsecret.txt")]
    [InlineData("/assets/index-1a2b3c4d.js.br")]
    public async Task Only_listed_files_are_served(string path)
    {
        using var answer = await program.Http.GetAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public void Each_page_of_the_router_is_served()
    {
        var router = File.ReadAllText(Path.Combine(Repository.Root, "console", "src", "app", "router.tsx"));
        var pages = Route().Matches(router).Select(match => match.Groups[1].Value).ToList();
        var served = ConsolePages.Paths.Select(path => new Regex($"^{Parameter().Replace(path, "[^/]+")}$")).ToList();

        pages.Count.ShouldBeGreaterThan(5);
        pages.Where(path => !served.Any(pattern => pattern.IsMatch(RouterParameter().Replace(path, "x")))).ShouldBeEmpty();
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\$\w+")]
    private static partial Regex RouterParameter();

    [GeneratedRegex(@"path: '([^']+)'")]
    private static partial Regex Route();
}
