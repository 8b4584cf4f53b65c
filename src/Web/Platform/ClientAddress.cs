using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace FollowUp.Web.Platform;

/// <summary>The part of a client's address that counts as one client.</summary>
internal static class ClientAddress
{
    private const int PrefixBytes = 8;

    /// <summary>
    /// An IPv4 address whole; of an IPv6 address the first 64 bits, because a single host usually has all addresses of a /64 (RFC 6177) and
    /// could use a new one for every request.
    /// </summary>
    public static string Partition(IPAddress? address)
    {
        if (address is null)
        {
            return "unknown";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? $"{BinaryPrimitives.ReadUInt64BigEndian(address.GetAddressBytes().AsSpan(0, PrefixBytes)):x16}/64"
            : address.ToString();
    }
}
