namespace FollowUp.Application.Delivery;

/// <summary>Reads a link without changing anything: link scanners fetch links before users do (RFC 8058, section 3.1).</summary>
/// <param name="Token">The last segment of the link.</param>
public sealed record ReadUnsubscribeLink(string Token) : IQuery<UnsubscribeView>;

internal sealed class ReadUnsubscribeLinkHandler(IUnsubscribeLinks links) : IQueryHandler<ReadUnsubscribeLink, UnsubscribeView>
{
    public async Task<Result<UnsubscribeView>> Handle(ReadUnsubscribeLink query, CancellationToken cancellationToken) =>
        await links.Read(query.Token, cancellationToken) is { } token
            ? new UnsubscribeView(MaskedAddress.Of(token.Email), token.IsTrial)
            : UnsubscribeErrors.NoSuchLink;
}
