namespace FollowUp.Application.Delivery;

internal interface ISenderIdentity
{
    string Email { get; }

    string? Name { get; }

    /// <summary>The domain of the address, which makes message ids globally unique.</summary>
    string Domain { get; }
}
