/** English texts of the outbox. */
export const texts = {
  title: 'Mail outbox',
  sentence: 'Messages to people. Without a mail server they are kept here for a super administrator to hand on.',
  columns: { subject: 'Subject', recipient: 'To', status: 'Status', created: 'Written', error: 'Last error' },
  statuses: { KEPT: 'Kept here', QUEUED: 'To be sent', SENT: 'Sent', FAILED: 'Not sent' } as Record<string, string>,
  read: 'Read message',
  body: 'Text of the message',
  gone: 'The text was removed when the message was sent.',
  empty: { title: 'No messages yet', sentence: 'Welcomes and links to reset a password appear here for 30 days.' },
};
