/** The mail server. The library is loaded with the first message: a hub without a mail server does without it. */
export interface Outgoing {
  from: { name: string; baseUrl: string };
  to: string;
  subject: string;
  text: string;
  /** Makes the Message-ID, so that a message that was sent twice after a crash is recognised as one. */
  id: string;
}

export interface Transport {
  /** Throws where the server did not take the message. */
  send(message: Outgoing): Promise<void>;
}

const TIMEOUT_MS = 20_000;

/** `from`: the sender's address; null makes one of the hub's host name. */
export function smtpTransport(url: string, from: string | null): Transport {
  return {
    async send({ from: sender, to, subject, text, id }) {
      const { createTransport } = await import('nodemailer');
      const host = new URL(sender.baseUrl).hostname;
      const connection = createTransport(url, {
        connectionTimeout: TIMEOUT_MS,
        greetingTimeout: TIMEOUT_MS,
        socketTimeout: TIMEOUT_MS,
        disableFileAccess: true,
        disableUrlAccess: true,
      } as never);
      try {
        await connection.sendMail({
          from: { name: sender.name, address: from ?? `no-reply@${host}` },
          to: { name: '', address: to },
          subject,
          text,
          messageId: `<${id}@${host}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } finally {
        connection.close();
      }
    },
  };
}
