namespace FollowUp.Infrastructure.Delivery;

internal sealed class SenderIdentity(IOptions<EmailOptions> email) : ISenderIdentity
{
    public string Email => email.Value.From;
    public string? Name => email.Value.FromName;
    public string Domain => Email[(Email.LastIndexOf('@') + 1)..];
}
