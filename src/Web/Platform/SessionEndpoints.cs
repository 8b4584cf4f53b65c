using System.Security.Claims;
using FollowUp.Domain.Accounts;
using FollowUp.Infrastructure.Accounts;
using Microsoft.AspNetCore.Authentication;

namespace FollowUp.Web.Platform;

/// <summary>
/// Marks a route that begins a session without a credential. It needs the database, and no page of another origin may use it, because it would sign
/// the browser in as another user.
/// </summary>
internal sealed record SignsIn;

/// <summary>Marks the route that sends a browser to the issuer. It needs the keys in the database that encrypt the sign-in's state.</summary>
internal sealed record SendsToIssuer;

/// <summary>A request feature: the sign-in was refused, which is charged like a refused credential.</summary>
internal sealed record RefusedSignIn;

internal sealed record SignInRequest(string? ApiKey);

internal sealed record DevSignInRequest(string? Subject);

/// <summary>
/// Browser sessions: their cookie is the credential of a browser. The routes are in the host, not in the module Accounts: authenticating requests is
/// the host's task, and these routes set cookies, redirect, and are charged like credentials.
/// </summary>
internal static class SessionEndpoints
{
    private const string Tag = "Accounts";
    private const int LongestPath = 2_000;

    public static void MapSessions(this WebApplication app)
    {
        var routes = app.MapGroup("").ChecksQueries();
        routes
            .MapPost("/api/session", SignIn)
            .WithName("signIn")
            .WithTags(Tag)
            .Produces(204)
            .Refuses(401, 403, 429, 503)
            .WithMetadata(new SignsIn())
            .AllowAnonymous();
        routes
            .MapDelete("/api/session", SignOut)
            .RequireAuthorization()
            .Reads("signOut", Tag)
            .Produces(204)
            .Refuses(400, 403)
            .WithMetadata(new OutsideSandboxes());
        // Addresses that a browser navigates to, not operations of a client: the first always redirects, and the issuer adds its parameters to the
        // second.
        routes.MapGet("/auth/sign-in", Redirect).ExcludeFromDescription().WithMetadata(new SendsToIssuer()).AllowAnonymous();
        routes.MapGet("/auth/callback", Callback).ExcludeFromDescription().WithMetadata(new SignsIn()).AllowAnonymous();
        if (DevTokens.AreTaken(app.Configuration, app.Environment))
        {
            routes
                .MapPost("/dev/session", SignInUnchecked)
                .WithName("createDevSession")
                .WithTags("Development")
                .Produces(204)
                .Refuses(403, 404, 429, 503)
                .WithMetadata(new SignsIn(), new LoopbackOnly())
                .AllowAnonymous();
        }
    }

    /// <summary>Sign a browser in with an API key</summary>
    /// <remarks>
    /// Sets the cookie of a session, which is `HttpOnly`, `SameSite=Lax` and, except over plain HTTP to a loopback host, `Secure`. The session has
    /// the permissions of the key and ends with it, 12 hours after its last use, or after 7 days. At most 20 sessions begin with one key; the
    /// next one ends the oldest of them. Requests with the cookie that are not `GET` need the header `X-FollowUp: 1` and the `Origin` of this
    /// server, else 403 `crossSiteRequest`. A token or an API key in the same request takes precedence over the cookie.
    /// </remarks>
    public static async Task<IResult> SignIn(JsonBody<SignInRequest> body, HttpContext http, Sessions sessions, CancellationToken ct) =>
        body.Value.ApiKey is not { Length: > 0 } key ? Problems.Invalid("apiKey", "must be given")
        : await sessions.BeginWithKey(key, ct) is { } secret ? SignedIn(http, secret)
        : Refused(http, Problems.Of(401, "The API key is unknown, revoked or expired."));

    /// <summary>Sign a browser out</summary>
    /// <remarks>
    /// Ends the session of the request and removes its cookie, even if a token or an API key authenticates the request. A cookie of another
    /// user's session is kept, and so is that session.
    /// </remarks>
    /// <param name="everywhere">
    /// `true` ends all sessions of the user; for an API key, or a session that began with one, all sessions that began with this key.
    /// </param>
    public static async Task<IResult> SignOut(Query<bool>? everywhere, HttpContext http, Sessions sessions, CancellationToken ct)
    {
        var owner = new OwnerId(Guid.Parse(http.User.FindFirstValue(CallerClaims.Owner)!));
        var isEnded = SessionCookie.Read(http) is { } secret && await sessions.End(owner, secret, ct);
        if (everywhere == true)
        {
            var key = http.User.FindFirstValue(CallerClaims.KeyId);
            await sessions.EndAll(owner, key is null ? null : Guid.Parse(key), ct);
        }

        // The request's own session may have been ended by another request meanwhile.
        if (isEnded || http.User.HasClaim(CallerClaims.Session, "true"))
        {
            SessionCookie.Clear(http);
        }

        return Results.NoContent();
    }

    /// <summary>
    /// Redirects a browser to the issuer, which sends it back to <c>/auth/callback</c>; that sets the session's cookie and redirects to
    /// <paramref name="returnTo"/>, a path of this server.
    /// </summary>
    public static async Task<IResult> Redirect(string? returnTo, SignIns signIns, HttpContext http, CancellationToken ct)
    {
        if (returnTo is not null && !IsLocalPath(returnTo))
        {
            return Problems.Invalid("returnTo", "must be a path of this server, such as /sequences");
        }

        if (!signIns.AreOffered)
        {
            return NotOffered();
        }

        if (await signIns.Outage(ct) is { } outage)
        {
            return Credentials.IssuerUnreachable(http, outage);
        }

        return Results.Challenge(new AuthenticationProperties { RedirectUri = returnTo ?? "/" }, [SignIns.Scheme]);
    }

    /// <summary>The authentication middleware has read the issuer's answer; a failure leaves nothing behind.</summary>
    public static async Task<IResult> Callback(HttpContext http, SignIns signIns, CancellationToken ct)
    {
        if (!signIns.AreOffered)
        {
            return NotOffered();
        }

        if (http.Features.Get<ValidatedSignIn>() is not { } signedIn)
        {
            return Refused(
                http,
                Pages.Refusal(
                    400,
                    new Page(
                        "Signing in failed",
                        "The sign-in was cancelled, took too long, or was opened in another browser.",
                        "Please try again."
                    )
                )
            );
        }

        if (await signIns.Begin(signedIn, ct) is not { } secret)
        {
            return Refused(
                http,
                Pages.Refusal(403, new Page("No access", "Your account lacks a required claim. Ask the operator for access.", null))
            );
        }

        SessionCookie.Write(http, secret);
        return Results.Redirect(IsLocalPath(signedIn.ReturnTo) ? signedIn.ReturnTo : "/");
    }

    /// <summary>Sign a browser in as any subject, in Development only</summary>
    /// <remarks>Sets the cookie of a session, as `POST /api/session` does.</remarks>
    public static async Task<IResult> SignInUnchecked(
        JsonBody<DevSignInRequest> body,
        HttpContext http,
        SignIns signIns,
        CancellationToken ct
    ) =>
        await signIns.BeginUnchecked(body.Value.Subject, ct) is { } secret
            ? SignedIn(http, secret)
            : Problems.Invalid("subject", "must have 1 to 255 characters and no control characters");

    /// <summary>
    /// Browsers read a backslash as a slash and remove tabs and line breaks, so both could name another server. A header can contain visible ASCII
    /// only; browsers encode paths.
    /// </summary>
    private static bool IsLocalPath(string path) =>
        path.StartsWith('/')
        && !path.StartsWith("//", StringComparison.Ordinal)
        && !path.Contains('\\')
        && path.Length <= LongestPath
        && path.All(c => c is > ' ' and <= '~');

    private static IResult SignedIn(HttpContext http, string secret)
    {
        SessionCookie.Write(http, secret);
        return Results.NoContent();
    }

    private static IResult Refused(HttpContext http, IResult answer)
    {
        http.Features.Set(new RefusedSignIn());
        return answer;
    }

    private static ProblemHttp NotOffered() =>
        Problems.Of(404, "Signing in at an issuer needs the setting Authentication:ClientId.", "signInNotConfigured");
}
