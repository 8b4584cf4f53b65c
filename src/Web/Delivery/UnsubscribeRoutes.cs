namespace FollowUp.Web.Delivery;

/// <summary>Unsubscribe links in mails: HTML for recipients and mailboxes, without a credential.</summary>
internal static class UnsubscribeRoutes
{
    public static void MapUnsubscribing(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/u/{token}", Ask).IsLink("askToUnsubscribe");
        routes.MapPost("/u/{token}", Unsubscribe).IsLink("unsubscribe");
    }

    private static void IsLink(this RouteHandlerBuilder route, string name) =>
        route
            .WithName(name)
            .WithTags("Recipients")
            .Produces<string>(200, "text/html")
            .Produces<string>(404, "text/html")
            .Refuses(429, 503)
            .WithMetadata(new SecretLink())
            .AllowAnonymous();

    /// <summary>Show the unsubscribe page; changes nothing</summary>
    /// <remarks>A GET changes nothing, because link scanners open links before recipients do.</remarks>
    /// <param name="token">The last part of the link: opaque, and valid for as long as the mail exists.</param>
    public static async Task<IResult> Ask(string token, Sender sender, CancellationToken ct) =>
        Pages.Of(
            await sender.Send(new ReadUnsubscribeLink(token), ct),
            link => new Page("Unsubscribe", $"No more mail from this sender to {link.MaskedEmail}?", Trial(link), Button: "Unsubscribe")
        );

    /// <summary>Unsubscribe, by the page's button or by a mailbox in one click (RFC 8058)</summary>
    /// <remarks>
    /// Suppresses the address for all sequences of the sender, and stops the instance whose mail contained the link. Repeating it has no
    /// further effect. Needs no credential and no cookie.
    /// </remarks>
    /// <param name="token">The last part of the link: opaque, and valid for as long as the mail exists.</param>
    public static async Task<IResult> Unsubscribe(string token, Sender sender, CancellationToken ct) =>
        Pages.Of(
            await sender.Send(new Unsubscribe(token), ct),
            link =>
                link.IsTrial
                    ? new Page("Nothing was changed", $"{link.MaskedEmail} would be unsubscribed now.", Trial(link))
                    : new Page("You are unsubscribed", $"This sender sends no more mail to {link.MaskedEmail}.", null)
        );

    private static string? Trial(UnsubscribeView link) =>
        link.IsTrial ? "This link is from a preview or a test mail. It does not unsubscribe anyone." : null;
}
