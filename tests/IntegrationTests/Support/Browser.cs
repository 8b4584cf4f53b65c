using System.Net;

namespace FollowUp.IntegrationTests.Support;

/// <summary>A client that keeps cookies, as a browser does, and shows redirects instead of following them.</summary>
public sealed class Browser : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly HttpClient _http;

    public Browser() => _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = _cookies });

    /// <summary>The header that the browser sends to an address.</summary>
    public string CookiesFor(Uri address) => _cookies.GetCookieHeader(address);

    public Task<Answer> Get(Uri address) => Send(HttpMethod.Get, address);

    public Task<Answer> Get(OwnProgram program, string path) => Get(new Uri(program.Http.BaseAddress!, path));

    /// <summary>Follows a sign-in from its start to the callback's address, which it does not open.</summary>
    public async Task<Uri> ToCallback(OwnProgram program, string path = "/auth/sign-in")
    {
        var start = await Get(program, path);
        ((int)start.Status).ShouldBe(302, start.Text);
        var agreed = await Get(start.Headers.Location!);
        ((int)agreed.Status).ShouldBe(302, agreed.Text);
        return agreed.Headers.Location!;
    }

    public void Dispose() => _http.Dispose();

    private async Task<Answer> Send(HttpMethod method, Uri address)
    {
        using var request = new HttpRequestMessage(method, address);
        using var response = await _http.SendAsync(request);
        return new(
            response.StatusCode,
            response.Headers,
            response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsStringAsync()
        );
    }
}
