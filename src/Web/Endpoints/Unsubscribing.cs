using FollowUp.Application.Delivery;

namespace FollowUp.Web.Endpoints;

/// <summary>Unsubscribe links in mails: HTML for recipients and mailboxes, without a credential.</summary>
internal static class Unsubscribing
{
    private const string Tag = "Recipients";

    public static void MapUnsubscribing(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/u/{token}", Ask)
            .WithName("askToUnsubscribe")
            .WithTags(Tag)
            .WithSummary("Show the unsubscribe page; changes nothing")
            .Produces<string>(200, "text/html")
            .Produces<string>(404, "text/html")
            .ProducesProblem(429)
            .ProducesProblem(503)
            .WithMetadata(new SecretLink())
            .AllowAnonymous();
        routes
            .MapPost("/u/{token}", Unsubscribe)
            .WithName("unsubscribe")
            .WithTags(Tag)
            .WithSummary("Unsubscribe, by the page's button or by a mailbox in one click (RFC 8058)")
            .Produces<string>(200, "text/html")
            .Produces<string>(404, "text/html")
            .ProducesProblem(429)
            .ProducesProblem(503)
            .WithMetadata(new SecretLink())
            .AllowAnonymous();
    }

    private static async Task<IResult> Ask(string token, Sender sender, CancellationToken ct) =>
        Pages.Of(
            await sender.Send(new ReadUnsubscribeLink(token), ct),
            link => new Page("Unsubscribe", $"No more mail from this sender to {link.MaskedEmail}?", Trial(link), Button: "Unsubscribe")
        );

    private static async Task<IResult> Unsubscribe(string token, Sender sender, CancellationToken ct) =>
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
