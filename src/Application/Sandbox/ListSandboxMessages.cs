namespace FollowUp.Application.Sandbox;

/// <summary>The messages that the providers of the caller's sandbox received, oldest first.</summary>
public sealed record ListSandboxMessages(Guid? InstanceId, string? Recipient, int? Limit, string? Cursor)
    : IQuery<Page<SandboxMessageView>>,
        IPaged;

internal sealed class ListSandboxMessagesValidator : AbstractValidator<ListSandboxMessages>
{
    private const int LongestRecipient = 320;

    public ListSandboxMessagesValidator()
    {
        RuleFor(query => query.Recipient).MaximumLength(LongestRecipient).WithMessage($"must have at most {LongestRecipient} characters");
    }
}

internal sealed class ListSandboxMessagesHandler(ISandbox sandbox) : IQueryHandler<ListSandboxMessages, Page<SandboxMessageView>>
{
    /// <summary>The size of a header besides its name and value, in bytes.</summary>
    private const int BytesOfHeader = 6;

    public async Task<Result<Page<SandboxMessageView>>> Handle(ListSandboxMessages query, CancellationToken cancellationToken)
    {
        var after = 0L;
        if (!query.TryReadCursor(nameof(ListSandboxMessages), ref after))
        {
            return Paging.BadCursor;
        }

        var page = await sandbox.Messages(query, after, query.Rows() + 1, Paging.MostBytes, cancellationToken);
        return page.ToPage(
            query.Rows(),
            row => Bytes(row.Message),
            row => row.Message,
            row => Paging.Cursor(nameof(ListSandboxMessages), row.Number)
        );
    }

    private static long Bytes(SandboxMessageView message) =>
        JsonSize.Of(message.Html)
        + JsonSize.Of(message.Text)
        + JsonSize.Of(message.Subject)
        + JsonSize.Of(message.From)
        + JsonSize.Of(message.To)
        + JsonSize.Of(message.ToName)
        + message.Headers.Sum(header => JsonSize.Of(header.Key) + JsonSize.Of(header.Value) + BytesOfHeader);
}
