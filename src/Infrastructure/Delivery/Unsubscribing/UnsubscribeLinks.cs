using System.Buffers.Text;
using System.Security.Cryptography;

namespace FollowUp.Infrastructure.Delivery.Unsubscribing;

/// <summary>
/// Tokens that contain owner, instance and address, encrypted and authenticated, so that they need no table and outlive the sequence that sent them.
/// The nonce is a keyed hash of the content (as in SIV modes), so the same mail always has the same link, and no nonce is used for two contents.
/// </summary>
internal sealed class UnsubscribeLinks(PublicAddress address, UnsubscribeKey key) : IUnsubscribeLinks
{
    private const byte Version = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = LinkKeys.TagBytes;
    private const int GuidBytes = 16;
    private const int HeadBytes = 1 + GuidBytes + GuidBytes;
    private const int LongestToken = 500;

    public async ValueTask<string?> For(StepReader reader, CancellationToken cancellationToken) =>
        address.Value is { } begin ? $"{begin}/u/{Write(reader, await key.Get(cancellationToken))}" : null;

    public async ValueTask<UnsubscribeToken?> Read(string token, CancellationToken cancellationToken)
    {
        if (token.Length > LongestToken || !Base64Url.IsValid(token))
        {
            return null;
        }

        return await key.Find(cancellationToken) is { } keys ? Open(Base64Url.DecodeFromChars(token), keys) : null;
    }

    private static UnsubscribeToken? Open(byte[] token, LinkKeys keys)
    {
        var contentBytes = token.Length - 1 - NonceBytes - TagBytes;
        if (contentBytes <= HeadBytes || token[0] != Version)
        {
            return null;
        }

        var content = new byte[contentBytes];
        var cipher = keys.Rent();
        try
        {
            cipher.Decrypt(token.AsSpan(1, NonceBytes), token.AsSpan(1 + NonceBytes, contentBytes), token.AsSpan(^TagBytes..), content);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        finally
        {
            keys.Return(cipher);
        }

        return new UnsubscribeToken(
            new OwnerId(new Guid(content.AsSpan(1, GuidBytes), bigEndian: true)),
            new InstanceId(new Guid(content.AsSpan(1 + GuidBytes, GuidBytes), bigEndian: true)),
            EmailAddress.FromStore(Encoding.UTF8.GetString(content.AsSpan(HeadBytes))),
            content[0] == 1
        );
    }

    private static string Write(StepReader reader, LinkKeys keys)
    {
        byte[] content =
        [
            (byte)(reader.IsTrial ? 1 : 0),
            .. reader.Owner.Value.ToByteArray(bigEndian: true),
            .. reader.Instance.Value.ToByteArray(bigEndian: true),
            .. Encoding.UTF8.GetBytes(reader.Recipient.Email.Value),
        ];
        var token = new byte[1 + NonceBytes + content.Length + TagBytes];
        token[0] = Version;
        var nonce = token.AsSpan(1, NonceBytes);
        HMACSHA256.HashData(keys.Nonce, content).AsSpan(0, NonceBytes).CopyTo(nonce);
        var cipher = keys.Rent();
        cipher.Encrypt(nonce, content, token.AsSpan(1 + NonceBytes, content.Length), token.AsSpan(^TagBytes..));
        keys.Return(cipher);
        return Base64Url.EncodeToString(token);
    }
}
