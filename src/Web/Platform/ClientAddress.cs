using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace FollowUp.Web.Platform;

/// <summary>The part of an IP address that identifies a client for limits.</summary>
internal static class ClientAddress
{
    private const int PrefixBytes = 8;

    /// <summary>
    /// An IPv4 address as a whole, and the first 64 bits of an IPv6 address: a single host usually has all addresses of a /64 (RFC 6177) and could
    /// use another one for each request.
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
