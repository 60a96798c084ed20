;;; scripted-daemon.el --- A daemon that answers as a test tells it  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: Apache-2.0

;;; Commentary:

;; It listens in the Emacs under test, so that a test can say what comes in
;; which chunk, and see every byte that was sent.

;;; Code:

(require 'cl-lib)
(require 'parleq)

(defvar scripted-path nil "Where it listens.")
(defvar scripted-server nil)
(defvar scripted-client nil "The latest connection.")
(defvar scripted-received "" "Bytes that are no whole message yet.")
(defvar scripted-sent "" "All that the client has sent, as it was sent.")
(defvar scripted-requests nil "What was asked: (METHOD ID . PARAMS), latest first.")
(defvar scripted-answers nil "What is answered at once: METHOD and its result, or a function of the params.")

(defconst scripted-usual
  '((initialize . (:server (:name "parleqd" :version "0") :protocol 1 :capabilities nil :pending []))
    (events/subscribe . (:topics ["notice"]))
    (session/pending . (:sessions []))
    (session/start . (:session_id "s1"))
    (session/recover . (:session_id "s1"))
    (session/stop . (:session_id "s1"))
    (session/cancel . (:session_id "s1"))
    (session/acknowledge . nil)))

(defun scripted-frame (message)
  "MESSAGE, a plist, as it goes over the wire."
  (let ((json (json-serialize message :null-object nil :false-object :json-false)))
    (format "Content-Length: %d\r\n\r\n%s" (string-bytes json) json)))

(defun scripted-send (&rest messages)
  "Send MESSAGES in one chunk."
  (process-send-string scripted-client (mapconcat #'scripted-frame messages "")))

(defun scripted-note (method &rest params)
  "The notification METHOD with PARAMS."
  `(:jsonrpc "2.0" :method ,method :params ,params))

(defun scripted-answer (method result)
  "The answer with RESULT to the latest request for METHOD."
  `(:jsonrpc "2.0" :id ,(cadr (assq method scripted-requests)) :result ,(or result (make-hash-table))))

(defun scripted-refusal (method reason)
  "The answer that refuses the latest request for METHOD with REASON."
  `(:jsonrpc "2.0" :id ,(cadr (assq method scripted-requests))
    :error (:code -32000 :message ,(concat "refused: " reason) :data (:reason ,reason :hint "a hint"))))

(defun scripted-asked (method)
  "The params of all requests for METHOD, latest first."
  (mapcar #'cddr (cl-remove method scripted-requests :key #'car :test-not #'eq)))

(defun scripted-result (text)
  "A result that holds TEXT."
  (list :session_id "s1" :verdict (if (string-empty-p text) "silence" "speech") :raw text :text text
        :fallback nil :warnings [] :baseline nil :trailing_space :json-false))

(defun scripted-filter (process chunk)
  "Take CHUNK from PROCESS, and answer what is whole."
  (setq scripted-client process
        scripted-sent (concat scripted-sent chunk)
        scripted-received (concat scripted-received chunk))
  (let (message)
    (while (setq message (scripted-next))
      (scripted-take message))))

(defun scripted-next ()
  "The next whole message, or nil."
  (when (string-match "\\`Content-Length: \\([0-9]+\\)\r\n\r\n" scripted-received)
    (let* ((begin (match-end 0))
           (end (+ begin (string-to-number (match-string 1 scripted-received)))))
      (when (<= end (length scripted-received))
        (let ((json (decode-coding-string (substring scripted-received begin end) 'utf-8)))
          (setq scripted-received (substring scripted-received end))
          (json-parse-string json :object-type 'plist :null-object nil))))))

(defun scripted-take (message)
  "Answer MESSAGE as `scripted-answers' says, or remember it.  An answer has the method `answer'."
  (let* ((method (intern (or (plist-get message :method) "answer")))
         (known (or (assq method scripted-answers) (assq method scripted-usual))))
    (push (cons method (cons (plist-get message :id) (plist-get message :params))) scripted-requests)
    (when (and known (plist-get message :id))
      (let ((answer (if (functionp (cdr known)) (funcall (cdr known) (plist-get message :params)) (cdr known))))
        (scripted-send (if (stringp answer) (scripted-refusal method answer) (scripted-answer method answer)))))))

(defun scripted-listen ()
  "Listen at `scripted-path'."
  (setq scripted-received ""
        scripted-server (make-network-process
                         :name "scripted" :server t :family 'local :service scripted-path
                         :coding 'binary :filter #'scripted-filter :noquery t)))

(defun scripted-die ()
  "End as a daemon does that is killed: the socket is left."
  (delete-process scripted-server)
  (when (process-live-p scripted-client) (delete-process scripted-client)))

(defun scripted-again ()
  "Come back after `scripted-die'."
  (delete-file scripted-path)
  (scripted-listen))

(defun scripted-until (condition what)
  "Wait until CONDITION, a function, holds; WHAT says what is waited for."
  (let ((deadline (+ (float-time) 10)))
    (while (not (funcall condition))
      (when (> (float-time) deadline) (error "Waited in vain: %s" what))
      (accept-process-output nil 0.01))))

(defmacro scripted-wait (form)
  "Wait until FORM is non-nil."
  `(scripted-until (lambda () ,form) ',form))

(defmacro scripted-daemon (answers &rest body)
  "Run BODY with a daemon that answers as ANSWERS say, and a client that knows nothing yet."
  (declare (indent 1))
  `(let* ((folder (make-temp-file "parleq-" t))
          (scripted-path (expand-file-name "s.sock" folder))
          (parleq-socket scripted-path)
          (parleq--first-pause 0.02)
          (parleq--instance nil) (parleq--looked nil) (parleq--taking nil) (parleq--unacknowledged nil) (parleq--dictations nil)
          (scripted-answers ,answers) (scripted-requests nil) (scripted-sent "") (scripted-client nil)
          (kill-ring nil) (kill-ring-yank-pointer nil))
     (scripted-listen)
     (with-current-buffer (get-buffer-create "*Messages*")
       (let ((inhibit-read-only t)) (erase-buffer)))
     (unwind-protect
         (progn ,@body)
       (parleq-mode -1)
       (scripted-die)
       (delete-directory folder t))))

(provide 'scripted-daemon)
;;; scripted-daemon.el ends here
